"""The doctor and what outlives the installation: backups, rehearsals, nights without a round."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from denrei.project.doctor import safekeeping
from denrei.project.doctor.asking import Connection
from denrei.project.doctor.finding import Finding, State
from denrei.retention.safe_copies import NAME, Backup, Rehearsal, SafeCopies, note

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.spec("OPS-8")]

NOW = datetime.now(UTC)
#: A row of the report, by its age in days, end and trouble.
RUN = (
    "INSERT INTO retention_run (night, kind, until, ended_at, trouble)"
    " VALUES (current_date - {}, 'sessions', now(), {}, '{}')"
)
#: The same of another kind, handed on or not; of the mark of a night that deleted nothing.
MAIL = (
    "INSERT INTO retention_run (night, kind, until, ended_at, handed_on)"
    " VALUES (current_date - {}, 'unclaimed_mails', now(), now(), {})"
)
MARK = (
    "INSERT INTO retention_run (night, kind, until, ended_at)"
    " VALUES (current_date - 1, 'armed', now() + interval '1 day', now())"
)


def told(connection: Connection, home: Path | None) -> dict[str, Finding]:
    return {finding.title: finding for finding in safekeeping.examine(connection, home)}


def kept(home: Path, days: int) -> None:
    at = NOW - timedelta(days=days)
    note(home, Backup(at=at, file="/backup/a.zip", octets=12_300_000, seconds=3))
    note(home, Rehearsal(at=at, file="/backup/a.zip", made_at=at, seconds=9))


@pytest.mark.parametrize(
    ("days", "backup", "rehearsal"),
    [
        (0, State.OK, State.OK),
        (7, State.OK, State.OK),
        (9, State.WARNING, State.OK),
        (370, State.WARNING, State.WARNING),
        (None, State.WARNING, State.WARNING),
    ],
)
def test_a_backup_is_too_old_after_eight_days_a_rehearsal_after_a_year(
    connection: Connection, tmp_path: Path, days: int | None, backup: State, rehearsal: State
) -> None:
    if days is not None:
        kept(tmp_path, days)

    found = told(connection, tmp_path)

    assert (backup, rehearsal) == (found["控え"].state, found["復元の予行"].state)


def test_of_a_server_of_one_s_own_it_says_that_it_does_not_know(connection: Connection) -> None:
    found = told(connection, None)

    assert "denrei からは分かりません" in found["控え"].words
    assert "復元の予行" not in found


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"backup": {"at": "yesterday"}}', '{"backup": 1}', '{"backup": null}']
)
def test_a_record_that_can_not_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")

    assert SafeCopies() == SafeCopies.read(tmp_path)


@pytest.mark.parametrize(
    ("runs", "state", "words"),
    [
        pytest.param([], State.OK, "まだ行われていません", id="never"),
        pytest.param([RUN.format(0, "now()", "")], State.OK, "すべて終わりました", id="done"),
        pytest.param([MARK], State.OK, "より前には、何も削除しません", id="made ready"),
        pytest.param(
            [RUN.format(5, "now()", "")], State.WARNING, "終わらないものがあります", id="long ago"
        ),
        pytest.param(
            [RUN.format(9, "now()", "")], State.WARNING, "7日より長くたっています", id="asks"
        ),
        pytest.param(
            [RUN.format(9, "now()", ""), MARK, MAIL.format(1, "false")],
            State.OK,
            "すべて終わりました",
            id="a kind of 無期限 by now",
        ),
        pytest.param(
            [
                *(RUN.format(days, "now()", "") for days in range(1, 8)),
                MAIL.format(7, "false"),
                *(MAIL.format(days, "true") for days in range(1, 7)),
            ],
            State.WARNING,
            "終わらないものがあります：unclaimed_mails",
            id="one kind never ends",
        ),
        pytest.param(
            [MAIL.format(days, "true") for days in range(1, 7)],
            State.WARNING,
            "まだ一度も終わっていません",
            id="nothing ever ended",
        ),
        pytest.param(
            [RUN.format(1, "now()", ""), RUN.format(0, "NULL", "disk full")],
            State.WARNING,
            "削除できないものがあります：sessions",
            id="failing",
        ),
    ],
)
def test_a_round_that_fails_or_stays_away_is_told(
    connection: Connection, tmp_path: Path, runs: list[str], state: State, words: str
) -> None:
    for run in runs:
        connection.execute(run.encode())

    found = told(connection, tmp_path)["保存期間による削除"]

    assert state is found.state
    assert words in found.words
