"""`denrei bounce explain` reads mails that came back, with nothing but the files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.domain.bounces.mails import WHOM, failed, notice, report
from tests.project.commands import denrei

pytestmark = pytest.mark.spec("EMC-6")

#: Neither a database nor a home: whoever asks for one fails.
NOTHING = {
    "DATABASE_URL": "postgresql://127.0.0.1:1/none",
    "DENREI_SECRET_KEY": "",
    "DENREI_HOME": "/none",
}


def test_each_recipient_is_a_line(tmp_path: Path) -> None:
    both = failed("550 5.1.1 User unknown") + "\n" + failed("552 5.2.2 Full", whom="b@example.jp")
    (tmp_path / "both.eml").write_bytes(report(both))
    (tmp_path / "late.eml").write_bytes(
        report(failed("450 4.2.0 later").replace("failed", "delayed"))
    )
    (tmp_path / "away.eml").write_bytes(b"Subject: Out of office\n\nBack on Monday.\n")

    said = denrei("bounce", "explain", *sorted(tmp_path.iterdir()), **NOTHING)

    assert (0, "") == (said.code, said.error)
    assert [
        {
            "file": "away.eml",
            "recipient": None,
            "status": "連絡済(正常終了)",
            "reason": "automatic",
            "suppress": False,
            "evidence": "out of office",
        },
        {
            "file": "both.eml",
            "recipient": WHOM,
            "status": "連絡済(アドレスエラー)",
            "reason": "unknown_user",
            "suppress": True,
            "evidence": "550 5.1.1 User unknown",
        },
        {
            "file": "both.eml",
            "recipient": "b@example.jp",
            "status": "その他のエラー",
            "reason": "mailbox_full",
            "suppress": False,
            "evidence": "552 5.2.2 Full",
        },
        {
            "file": "late.eml",
            "recipient": WHOM,
            "status": "連絡中",
            "reason": "temporary",
            "suppress": False,
            "evidence": "450 4.2.0 later",
        },
    ] == [json.loads(line) for line in said.lines]


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_being_read(
    tmp_path: Path,
) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(notice(f"<{WHOM}>:\nユーザが見つかりません\n"))

    said = denrei("bounce", "explain", tmp_path / "none.eml", tmp_path, mail, **NOTHING)

    assert 1 == said.code
    assert "none.eml：ファイルがありません\n" in said.error
    assert "：フォルダーです" in said.error
    assert WHOM in said.lines[-1]


def test_neither_django_nor_the_driver_of_the_database_is_loaded(tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(report(failed("550 5.1.1 User unknown")))
    program = (
        "import sys; from denrei.project.commands import main; main(sys.argv[1:]);"
        "print({'django', 'psycopg', 'asyncio'} & set(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, "bounce", "explain", str(mail)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "set()\n" == ran.stderr
