"""`denrei verify FILE…`, without database and secret key; `denrei proof key` and `export`, with them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from denrei.domain.proof.lines import MOST_BYTES
from denrei.domain.proof.verifying import Report, UnreadableError, verify
from denrei.project import starting
from denrei.project.commands import naming
from denrei.project.failure import CommandError, why

#: How `denrei verify` ends: everything holds, something does not, a file can't be read.
HOLDS, BROKEN, UNREADABLE = 0, 1, 2
#: Who took a file out, where no operator did.
_BY = "サーバーの管理者"


def add(commands: Any) -> None:
    """Add the subcommands."""
    check = commands.add_parser("verify", help="証明ファイルを、データベースなしで確かめます")
    check.add_argument("files", metavar="FILE", type=Path, nargs="+")
    check.add_argument("--key", default="", metavar="指紋", help="署名した鍵の指紋")
    check.add_argument("--head", default="", metavar="ハッシュ", help="控えてある封印のハッシュ")
    check.add_argument("--json", action="store_true", help="1ファイルを1行のJSONで表示します")
    check.set_defaults(run=run_verify)
    family = commands.add_parser("proof", help="連絡の証明").add_subparsers(
        metavar="操作", required=True
    )
    key = family.add_parser("key", help="証明に署名する鍵の指紋を表示します")
    key.set_defaults(run=run_key)
    export = family.add_parser("export", help="連絡1つを証明ファイルに書き出します")
    export.add_argument("id", metavar="ID", type=int)
    export.add_argument("--to", required=True, metavar="FILE", type=Path)
    export.add_argument("--person", metavar="番号", type=int, help="1人分だけ（受取人の番号）")
    export.set_defaults(run=run_export)


def run_verify(given: argparse.Namespace) -> int:
    """Say of each file what it proves; the worst of them decides how the command ends."""
    return max(_verify(path, given) for path in given.files)


def _verify(path: Path, given: argparse.Namespace) -> int:
    try:
        with path.open("rb") as file:
            report = verify(_lines(file), key=given.key, head=given.head)
    except (OSError, UnreadableError) as error:
        reason = why(error) if isinstance(error, OSError) else str(error)
        _tell_unreadable(path, f"確かめられません：{reason}", as_json=given.json)
        return UNREADABLE
    if given.json:
        _tell_json(path, report)
    else:
        _tell(path, report)
    return HOLDS if report.holds else BROKEN


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines, none of them longer than a proof file's can be."""
    while line := file.readline(MOST_BYTES):
        yield line


def _tell(path: Path, report: Report) -> None:
    print(f"{path}：{report.subject}")
    for finding in report.findings:
        print(f"  [{finding.mark}] {finding.words}")
        for words in finding.details:
            print(f"      {words}")
    print(
        "結果：確かめたことは、すべて一致しました。"
        if report.holds
        else "結果：一致しないものがあります。このファイルを証拠として使わないでください。"
    )


def _tell_json(path: Path, report: Report) -> None:
    told = {
        "file": str(path),
        "holds": report.holds,
        "subject": report.subject,
        "key": report.fingerprint,
        "findings": [
            {
                "check": finding.check,
                "holds": finding.holds,
                "words": finding.words,
                "details": finding.details,
            }
            for finding in report.findings
        ],
    }
    print(json.dumps(told, ensure_ascii=False))


def _tell_unreadable(path: Path, words: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"file": str(path), "holds": None, "why": words}, ensure_ascii=False))
    else:
        print(f"{path}：{words}", file=sys.stderr)


def run_key(given: argparse.Namespace) -> None:
    """Show the fingerprint of the key in use, and of those that are retired."""
    with starting.ready():
        from denrei.accounts import signing
        from denrei.domain.proof import keys

        print(keys.fingerprint(signing.public_key()))
        for retired in signing.retired_public_keys():
            print(f"{keys.fingerprint(retired)}　以前の鍵")


def run_export(given: argparse.Namespace) -> None:
    """Seal what has committed, then write the file; it appears whole or not at all."""
    with starting.migrated("worker"):
        from denrei.deliveries import seal
        from denrei.reports.proof import exporting

        organization = naming.organization_of(given.id)
        if gone := naming.words_of_emptied(organization, given.id):
            raise CommandError(f"書き出せません。{gone}")
        if given.person is not None:
            _require(organization, given.id, given.person)
        seal.record_export(organization, given.id, None, given.person)
        seal.seal(organization)
        _write(given.to, exporting.export(organization, given.id, _BY, given.person))


def _require(organization: int, broadcast: int, person: int) -> None:
    from denrei.accounts import tenancy
    from denrei.audience.models import AudienceMember

    with tenancy.acting_for(organization):
        found = AudienceMember.objects.of(broadcast).filter(recipient_id=person).exists()
    if not found:
        raise CommandError(f"連絡番号 {broadcast} の対象に、番号 {person} の人はいません。")


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise CommandError(f"ファイル {path} に書けません: {error.strerror}") from error
    finally:
        with suppress(OSError):
            part.unlink()
    print(f"{path} に書き出しました。")
