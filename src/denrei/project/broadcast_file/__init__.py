"""One broadcast described in a TOML or JSON file (docs/howto/write-a-broadcast-file.md).

Names and codes are looked up in the organization's lists; every complaint is collected, so that a
file is mended in one go.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from denrei.accounts import tenancy
from denrei.accounts.models import Organization, Unit
from denrei.broadcasts import wording
from denrei.broadcasts.content import Choice, Content, Phrase, Sender
from denrei.broadcasts.models import AnswerChoice, Broadcast, IncidentType, Priority
from denrei.deliveries.launch import Order, complaints
from denrei.project.broadcast_file import audience, media
from denrei.project.broadcast_file.reading import Reading

__all__ = ["BroadcastFileError", "read"]

_KNOWN = {
    "key", "drill", "incident", "occurred_at", "place", "situation", "situation_note",
    "instruction", "instruction_note", "sender", "unit", "answers", "confirm", "media", "audience",
}  # fmt: skip
#: Characters of a key.
_LONGEST_KEY = 200


class BroadcastFileError(Exception):
    """A file can't be sent as it is; the message has a line for each thing to mend, in Japanese."""


def read(organization: Organization, path: Path, now: datetime) -> Order:
    """Return the order that a file describes, as of `now` (aware). Raises BroadcastFileError."""
    raw, given = _parse(path)
    reading = Reading(given)
    reading.refuse_unknown(_KNOWN)
    key = reading.text("key", most=_LONGEST_KEY) or f"file-{hashlib.sha256(raw).hexdigest()[:32]}"
    with tenancy.acting_for(organization.pk):
        incident = _incident(reading)
        order = Order(
            key=key,
            content=_content(reading, organization, incident, _first_pressed(key, now)),
            selection=audience.selection(reading),
            steps=media.steps(reading),
            priority=Priority(incident.priority) if incident else Priority.EMERGENCY,
            give_up_at=now + timedelta(minutes=incident.give_up_minutes if incident else 0),
        )
    wrong = [*reading.complaints, *complaints(order)]
    if wrong:
        raise BroadcastFileError("\n".join(wrong))
    return order


def _parse(path: Path) -> tuple[bytes, Mapping[str, Any]]:
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise BroadcastFileError(f"ファイル {path} を開けません: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BroadcastFileError(
            f"ファイル {path} の文字コードが違います。UTF-8 で保存してください。"
        ) from error
    parse: Callable[[str], Any] = json.loads if path.suffix.lower() == ".json" else tomllib.loads
    try:
        given = parse(text)
    except (ValueError, RecursionError) as error:
        raise BroadcastFileError(f"ファイル {path} の書き方に誤りがあります: {error}") from error
    if not isinstance(given, dict):
        raise BroadcastFileError(f"ファイル {path} には項目と値を書いてください。")
    return raw, given


def _incident(reading: Reading) -> IncidentType | None:
    wanted = reading.text("incident")
    return reading.one(IncidentType.objects.all(), "発生区分", wanted) if wanted else None


def _first_pressed(key: str, now: datetime) -> datetime:
    """Return what "now" was when this broadcast was first sent: sending it twice is one broadcast."""
    earlier = Broadcast.objects.filter(idempotency_key=key).first()
    if earlier is not None:
        return Content.from_json(earlier.content).occurred_at
    return now.replace(second=0, microsecond=0)


def _content(
    reading: Reading,
    organization: Organization,
    incident: IncidentType | None,
    default_moment: datetime,
) -> Content:
    return Content(
        organization=organization.name,
        # One that is not found was complained of already.
        incident=wording.phrase(incident) if incident else Phrase(ja=reading.text("incident")),
        occurred_at=_moment(reading, organization.time_zone, default_moment),
        time_zone=organization.time_zone,
        place=reading.text("place"),
        situation=_under(reading, incident, "situation", "状況区分"),
        situation_note=reading.text("situation_note", multiline=True),
        instruction=_under(reading, incident, "instruction", "指示区分"),
        instruction_note=reading.text("instruction_note", multiline=True),
        signed=reading.text("sender"),
        choices=_choices(reading),
        confirm=reading.switch("confirm", default=True),
        drill=reading.switch("drill", default=False),
        by_reply=wording.by_reply(organization),
        sender=_sender(reading, organization),
    )


def _sender(reading: Reading, organization: Organization) -> Sender:
    """Return whom the receiver sees: the unit named by `unit`, else the organization."""
    wanted = reading.text("unit")
    unit = reading.one(Unit.objects.all(), "所属", wanted) if wanted else None
    return wording.sender(organization, unit)


def _under(reading: Reading, incident: IncidentType | None, name: str, label: str) -> Phrase:
    """Return the situation or instruction that is named; it must belong to the incident type."""
    wanted = reading.text(name)
    if not wanted or incident is None:
        return Phrase()
    rows: Any = incident.situations if name == "situation" else incident.instructions
    found = reading.one(rows.all(), label, wanted)
    return wording.phrase(found) if found else Phrase()


def _moment(reading: Reading, time_zone: str, default: datetime) -> datetime:
    """Return when it happened; a time without a zone is the organization's."""
    given = reading.given.get("occurred_at", default)
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else given
        if isinstance(moment, datetime):
            zone = ZoneInfo(time_zone)
            aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
            aware.astimezone(zone)  # at the ends of the calendar there is no other zone's time
            return aware
    except (ValueError, OverflowError):
        pass
    reading.complain("occurred_at には 2026-09-01T09:00:00+09:00 の形で日時を書いてください。")
    return default


def _choices(reading: Reading) -> tuple[Choice, ...]:
    """Return the answers offered: those named, or all; [] asks nothing."""
    rows = AnswerChoice.objects.all()
    if "answers" in reading.given:
        rows = rows.filter(pk__in=reading.many(rows, "回答区分", "answers"))
    return wording.choices(rows)
