"""What people read when the embedded PostgreSQL can't do its work, and what they can do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from denrei.project.failure import FULL


class EmbeddedError(Exception):
    """The embedded PostgreSQL can't be used; the message says why and what to do, in Japanese."""


#: How much of a log a message repeats.
LINES_TOLD = 12

#: Where else to go: ends the messages about users and folders.
ELSEWHERE = (
    "DENREI_HOME で別の場所を指定するか、DATABASE_URL で PostgreSQL サーバーを指定してください。"
)

#: Words of the system or of PostgreSQL, and what to do about them. The first that fits counts.
_HINTS = (
    (
        FULL,
        "ディスクの空きがありません。不要なファイルを消すか、DENREI_HOME で空きのある場所を指定してください。",
    ),
    (
        "Disk quota exceeded",
        "利用できるディスク容量の上限に達しています。不要なファイルを消すか、DENREI_HOME で別の場所を指定してください。",
    ),
    ("Read-only file system", "この場所には書き込めません。" + ELSEWHERE),
    (
        "could not map anonymous shared memory",
        "メモリーが足りません。ほかのプログラムを終了するか、shared_buffers を小さくしてください。",
    ),
    (
        "Cannot allocate memory",
        "メモリーが足りません。ほかのプログラムを終了するか、shared_buffers を小さくしてください。",
    ),
    (
        "could not look up effective user ID",
        "今の利用者番号が /etc/passwd にありません。登録された利用者で起動してください。",
    ),
    (
        'lock file "postmaster.pid" already exists',
        "このデータを使う PostgreSQL がほかで動いています。先にそれを終了してください。",
    ),
    (
        "has wrong ownership",
        "データの所有者が今の利用者と違います。前回と同じ利用者で起動してください。",
    ),
    ("Permission denied", "今の利用者には権限がありません。" + ELSEWHERE),
    ("Operation not permitted", "今の利用者には権限がありません。" + ELSEWHERE),
)
_NO_HINT = "次の記録を確かめて、原因を取り除いてからもう一度起動してください。"


def explained(trouble: str, record: str) -> EmbeddedError:
    """Return the error of `trouble` (one Japanese sentence) with a hint found in `record`."""
    hint = next((hint for words, hint in _HINTS if words in record), _NO_HINT)
    return EmbeddedError("\n".join(part for part in (trouble, hint, record.strip()) if part))


@contextmanager
def system_errors_told(folder: Path) -> Iterator[None]:
    """Turn an OSError into an EmbeddedError that names the folder."""
    try:
        yield
    except OSError as error:
        trouble = f"組み込みの PostgreSQL が使うフォルダー {folder} を用意できません。"
        raise explained(trouble, str(error)) from error
