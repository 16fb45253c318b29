"""One broadcast described in a TOML or JSON file (docs/howto/write-a-broadcast-file.md).

Names and codes are looked up in the organization's lists; every complaint is collected, so that a
file is mended in one go.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model, Q, QuerySet

from denrei.accounts import senders, tenancy
from denrei.accounts.models import Organization, Unit
from denrei.audience.selection import Selection
from denrei.broadcasts.content import Choice, Content, Phrase, Sender
from denrei.broadcasts.models import AnswerChoice, IncidentType, Priority
from denrei.deliveries.launch import Order, Step
from denrei.directory.models import ContactGroup, Position, Recipient
from denrei.domain.states import Medium

_Row = TypeVar("_Row", bound=Model)
_MEDIA = {"mail": Medium.MAIL, "sms": Medium.SMS, "phone": Medium.PHONE, "app": Medium.APP}
_TOP = {
    "key", "drill", "incident", "occurred_at", "place", "situation", "situation_note",
    "instruction", "instruction_note", "sender", "unit", "answers", "confirm", "media", "audience",
}  # fmt: skip
_AUDIENCE = {"everybody", "units", "groups", "positions", "people", "match"}


class BroadcastFileError(Exception):
    """A file can't be sent as it is; the message has a line for each thing to mend, in Japanese."""


@dataclass
class _Reading:
    """A file being read: what it says, and what is wrong with it."""

    organization: Organization
    given: Mapping[str, Any]
    complaints: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return a text, "" where there is none."""
        value = self.given.get(name, "")
        if not isinstance(value, str):
            self.complaints.append(f"{name} には文字を引用符で囲んで書いてください。")
            return ""
        return value

    def switch(self, name: str, default: bool) -> bool:
        """Return true or false."""
        value = self.given.get(name, default)
        if not isinstance(value, bool):
            self.complaints.append(f"{name} には true か false を書いてください。")
        return bool(value)

    def one(self, rows: QuerySet[_Row], label: str, wanted: str) -> _Row | None:
        """Find a row by name or code; a complaint names the choices."""
        found = rows.filter(Q(name=wanted) | Q(code=wanted)).first()
        if found is None:
            known = "、".join(str(getattr(row, "name", "")) for row in rows[:20]) or "登録なし"
            self.complaints.append(f"{label}「{wanted}」は登録されていません（登録：{known}）。")
        return found

    def many(
        self, rows: QuerySet[_Row], label: str, given: Mapping[str, Any], name: str
    ) -> tuple[int, ...]:
        """Return the ids of what a list names."""
        wanted = given.get(name, [])
        if not isinstance(wanted, list) or not all(isinstance(item, str) for item in wanted):
            self.complaints.append(f'{name} には ["…", "…"] の形で書いてください。')
            return ()
        found = (self.one(rows, label, item) for item in wanted)
        return tuple(row.pk for row in found if row is not None)


def read(organization: Organization, path: Path) -> Order:
    """Return the order that a file describes. Raises BroadcastFileError."""
    raw, given = _parse(path)
    reading = _Reading(organization, given)
    _refuse_unknown(reading, given, _TOP, "")
    with tenancy.acting_for(organization.pk):
        incident = reading.one(IncidentType.objects.all(), "発生区分", reading.text("incident"))
        content = _content(reading, incident, _modified(path))
        selection = _selection(reading)
        steps = _steps(reading)
    if reading.complaints or incident is None:
        raise BroadcastFileError("\n".join(reading.complaints))
    return Order(
        key=reading.text("key") or "file-" + hashlib.sha256(raw).hexdigest()[:32],
        content=content,
        selection=selection,
        steps=steps,
        priority=Priority(incident.priority),
        give_up_at=datetime.now(UTC) + timedelta(minutes=incident.give_up_minutes),
    )


def _parse(path: Path) -> tuple[bytes, Mapping[str, Any]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BroadcastFileError(f"ファイル {path} を開けません: {error.strerror}") from error
    read: Callable[[str], Any] = json.loads if path.suffix == ".json" else tomllib.loads
    try:
        given = read(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError) as error:
        raise BroadcastFileError(f"ファイル {path} の書き方に誤りがあります: {error}") from error
    if not isinstance(given, dict):
        raise BroadcastFileError(f"ファイル {path} には項目と値を書いてください。")
    return raw, given


def _modified(path: Path) -> datetime:
    """When the file was written: "now" that stays the same when it is sent twice."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(second=0, microsecond=0)


def _refuse_unknown(
    reading: _Reading, given: Mapping[str, Any], known: set[str], where: str
) -> None:
    for name in sorted(set(given) - known):
        reading.complaints.append(
            f"{where}{name} という項目はありません（書ける項目：{'、'.join(sorted(known))}）。"
        )


def _content(reading: _Reading, incident: IncidentType | None, default_moment: datetime) -> Content:
    organization = reading.organization
    return Content(
        organization=organization.name,
        incident=_phrase(incident),
        occurred_at=_moment(reading, default_moment),
        time_zone=organization.time_zone,
        place=reading.text("place"),
        situation=_under(reading, incident, "situation", "状況区分"),
        situation_note=reading.text("situation_note"),
        instruction=_under(reading, incident, "instruction", "指示区分"),
        instruction_note=reading.text("instruction_note"),
        signed=reading.text("sender"),
        choices=_choices(reading),
        confirm=reading.switch("confirm", default=True),
        drill=reading.switch("drill", default=False),
        sender=_sender(reading),
    )


def _sender(reading: _Reading) -> Sender:
    """Return whom the receiver sees: the unit named by `unit`, else the organization."""
    wanted = reading.text("unit")
    unit = reading.one(Unit.objects.all(), "所属", wanted) if wanted else None
    found = senders.identity(reading.organization, unit)
    return Sender(name=found.name, address=found.address, reply_to=found.reply_to)


def _phrase(row: Any) -> Phrase:
    return Phrase(ja=row.name, en=row.name_en) if row is not None else Phrase()


def _under(reading: _Reading, incident: IncidentType | None, name: str, label: str) -> Phrase:
    wanted = reading.text(name)
    if not wanted or incident is None:
        return Phrase()
    rows: Any = incident.situations if name == "situation" else incident.instructions
    return _phrase(reading.one(rows.all(), label, wanted))


def _moment(reading: _Reading, default: datetime) -> datetime:
    value = reading.given.get("occurred_at", default)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, datetime):
        reading.complaints.append(
            "occurred_at には 2026-09-01T09:00:00+09:00 の形で日時を書いてください。"
        )
        return default
    if value.tzinfo is None:
        return value.replace(tzinfo=ZoneInfo(reading.organization.time_zone))
    return value


def _choices(reading: _Reading) -> tuple[Choice, ...]:
    """Return the answers offered: those named, or all; [] asks nothing."""
    rows = AnswerChoice.objects.all()
    wanted = reading.given.get("answers")
    if wanted is not None:
        named = reading.many(rows, "回答区分", reading.given, "answers")
        rows = rows.filter(pk__in=named)
    return tuple(
        Choice(code=row.code, words=_phrase(row), needs_help=row.needs_help) for row in rows
    )


def _selection(reading: _Reading) -> Selection:
    given = reading.given.get("audience")
    if not isinstance(given, dict):
        reading.complaints.append("[audience] に対象を書いてください（例：everybody = true）。")
        return Selection()
    _refuse_unknown(reading, given, _AUDIENCE, "[audience] の ")
    if given.get("match", "any") not in ("any", "all"):
        reading.complaints.append("match には any（いずれか）か all（両方）を書いてください。")
    return Selection(
        everybody=given.get("everybody") is True,
        units=reading.many(Unit.objects.all(), "所属", given, "units"),
        groups=reading.many(ContactGroup.objects.all(), "連絡グループ", given, "groups"),
        positions=reading.many(Position.objects.all(), "役職区分", given, "positions"),
        both=given.get("match") == "all",
        recipients=reading.many(Recipient.objects.active(), "利用者", given, "people"),
    )


def _steps(reading: _Reading) -> tuple[Step, ...]:
    """Return the media in order: ["mail"], or [{medium = "phone", after_minutes = 10}]."""
    steps = []
    for item in reading.given.get("media", ["mail"]):
        step = item if isinstance(item, dict) else {"medium": item}
        minutes = step.get("after_minutes", 0)
        if step.get("medium") not in _MEDIA or not isinstance(minutes, int) or minutes < 0:
            known = "、".join(_MEDIA)
            reading.complaints.append(
                f'media には {known} を書いてください（例：["mail"]、[{{medium = "phone", after_minutes = 10}}]）。'
            )
            continue
        steps.append(Step(medium=_MEDIA[step["medium"]], after_seconds=60 * minutes))
    return tuple(steps)
