"""`denrei gateway dkim`: a key for DKIM in a file, and the record that its domain has to publish."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from denrei.channels.smtp import addresses, dkim
from denrei.project.failure import CommandError


def add(family: Any) -> None:
    """Add the subcommand."""
    new = family.add_parser("dkim", help="DKIMの鍵を作り、DNSに登録するレコードを表示します")
    new.add_argument("domain", metavar="ドメイン", help="署名のドメイン（差出人のアドレスの右側）")
    new.add_argument(
        "--selector", required=True, metavar="セレクター", help="鍵の名前（例：denrei2026）"
    )
    new.add_argument(
        "--key",
        required=True,
        type=Path,
        metavar="ファイル",
        help="秘密鍵のファイル。なければ作ります",
    )
    new.add_argument(
        "--algorithm", choices=["rsa", "ed25519"], default="rsa", help="作る鍵の種類（既定はrsa）"
    )
    new.set_defaults(run=run)


def run(given: argparse.Namespace) -> None:
    """Make the key unless its file is there, and print the TXT record; needs no database."""
    for label, name in (("ドメイン", given.domain), ("セレクター", given.selector)):
        _check(label, name)
    try:
        if not given.key.exists():
            _write(given.key, dkim.new_key(given.algorithm))
            print(f"秘密鍵を {given.key} に作りました。ほかの人に渡さないでください。")
        key = dkim.read_key(given.key.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise CommandError(f"秘密鍵のファイル {given.key} を使えません: {error}") from error
    record = dkim.record(key)
    strings = " ".join(f'"{part}"' for part in dkim.strings(record))
    host = f"{given.selector}._domainkey.{given.domain}"
    print(f"""DNSに、次のTXTレコードを登録してください。
名前: {host}
値: {record}
ゾーンファイルに書く形:
{host}. IN TXT ( {strings} )
登録してから、送信経路に設定してください:
denrei gateway set 番号 --organization 識別名 --set dkim_domain={given.domain} \\
  --set dkim_selector={given.selector} --set-file dkim_key={given.key}""")


def _check(label: str, name: str) -> None:
    try:
        correct = name.isascii() and bool(addresses.domain(name))
    except ValueError:
        correct = False
    if not correct:
        raise CommandError(f"{label} {name} は、半角の正しい書式ではありません。")


def _write(path: Path, text: str) -> None:
    """Write a file that nobody else can read; OSError where it is there already."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
