"""`[audience]` of a broadcast file: whom it means (MSG-3)."""

from __future__ import annotations

from denrei.accounts.models import Unit
from denrei.audience.selection import Selection
from denrei.directory.models import ContactGroup, Position, Recipient
from denrei.project.broadcast_file.reading import Reading

_LISTS = ("units", "groups", "positions", "people")
_KNOWN = {"everybody", "match", *_LISTS}


def selection(file: Reading) -> Selection:
    """Return whom a file means; complaints go to the file's. Acts for its organization."""
    given = file.given.get("audience")
    if not isinstance(given, dict):
        file.complain("[audience] に対象を書いてください（例：everybody = true）。")
        return Selection()
    reading = file.below(given, "[audience] の ")
    reading.refuse_unknown(_KNOWN)
    everybody = reading.switch("everybody", default=False)
    _check(reading, everybody)
    return Selection(
        everybody=everybody,
        units=reading.many(Unit.objects.all(), "所属", "units"),
        groups=reading.many(ContactGroup.objects.all(), "連絡グループ", "groups"),
        positions=reading.many(Position.objects.all(), "役職区分", "positions"),
        both=given.get("match") == "all",
        recipients=_people(reading),
    )


def _check(reading: Reading, everybody: bool) -> None:
    named = [name for name in _LISTS if reading.given.get(name)]
    if everybody and named:
        reading.complain(
            f"[audience] の everybody = true は全員です。{'、'.join(named)} と一緒には書けません。"
        )
    if not everybody and not named:
        reading.complain("[audience] に対象を書いてください（例：everybody = true）。")
    if reading.given.get("match", "any") not in ("any", "all"):
        reading.complain("match には any（いずれか）か all（両方）を書いてください。")


def _people(reading: Reading) -> tuple[int, ...]:
    """Return people by their codes: a name may be that of two."""
    wanted = reading.words("people")
    active = Recipient.objects.active().filter(code__in=[code for code in wanted if code])
    found = dict(active.values_list("code", "pk"))
    missing = [code for code in wanted if code not in found]
    if missing:
        reading.complain(f"利用者コード「{'」「'.join(missing[:20])}」の在籍者はいません。")
    return tuple(sorted(found.values()))
