"""From a draft to an order: what was typed, looked up in the organization's lists as they are now.

The order is always there, as good as it can be made, for previews; it may be launched only where
there are no complaints. An operator with a unit reaches nobody outside it (ALL-5).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from denrei.accounts import labels
from denrei.accounts.labels import Label
from denrei.accounts.models import Operator, Organization
from denrei.audience import chosen
from denrei.broadcasts import sequels, wording
from denrei.broadcasts.content import Content, Phrase
from denrei.broadcasts.models import (
    AnswerChoice,
    Draft,
    IncidentType,
    Instruction,
    Priority,
    Situation,
)
from denrei.broadcasts.typed import Typed, ids
from denrei.deliveries import reminders, ways
from denrei.deliveries.launch import Order
from denrei.domain import limits, text
from denrei.domain.limits import Complaint

#: Where no incident type says otherwise: minutes until what waits is given up.
_GIVE_UP_MINUTES = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What a draft asks for, as of one moment."""

    order: Order
    #: By field of `Typed` (`audience` for all that names people); () allows the launch.
    complaints: tuple[Complaint, ...]
    #: 予約: not before this; None: at once.
    start_at: datetime | None
    #: Not launched at all after this.
    deadline: datetime | None


def order(draft: Draft, operator: Operator, now: datetime) -> Ordered:
    """Read a draft as its operator would launch it at `now` (aware).

    The transaction must act for the organization of both.
    """
    return read(Typed.from_json(draft.form), draft.organization, operator, now, draft.key)


def read(
    typed: Typed, organization: Organization, operator: Operator, now: datetime, key: str = ""
) -> Ordered:
    """Read a form that may not have been saved; see `order`."""
    return _Reading(typed, organization, operator, now, key).ordered()


@dataclass(slots=True)
class _Reading:
    """A form being read, and what is wrong with it."""

    typed: Typed
    organization: Organization
    operator: Operator
    now: datetime
    key: str
    complaints: list[Complaint] = field(default_factory=list)

    def ordered(self) -> Ordered:
        incident = self._incident()
        minutes = incident.give_up_minutes if incident else _GIVE_UP_MINUTES
        content = self._content(incident)
        self._check_limits(content)
        selection = chosen.selection(self.typed, self.operator)
        self.complaints.extend(chosen.complaints(self.typed, selection))
        steps, wrong = ways.steps(self.typed.ways, ways.usable())
        self.complaints.extend(wrong)
        again, wrong = reminders.minutes(self.typed, has_page=content.has_page)
        self.complaints.extend(wrong)
        start, deadline = self._schedule()
        return Ordered(
            order=Order(
                key=self.key,
                content=content,
                selection=selection,
                steps=steps,
                reminders=again,
                corrects=self._corrects(),
                priority=self._priority(incident),
                give_up_at=(start or self.now) + timedelta(minutes=minutes),
            ),
            complaints=tuple(self.complaints),
            start_at=start,
            deadline=deadline,
        )

    def _corrects(self) -> int | None:
        """Return the broadcast that this one corrects or withdraws (NEW-13)."""
        if not self.typed.corrects:
            return None
        earlier = chosen.corrected(self.typed, self.operator)
        if earlier is None:
            return None
        if earlier.drill != self.typed.drill:
            words = (
                _("もとの連絡は訓練です。訂正や取消も、訓練として送信してください。")
                if earlier.drill
                else _("もとの連絡は本番です。訂正や取消も、本番として送信してください。")
            )
            self._complain("drill", words)
        if self.typed.scheduled:
            self._complain(
                "start", _("訂正や取消は予約できません。予約の印を外し、すぐに送信してください。")
            )
        return earlier.pk

    def _priority(self, incident: IncidentType | None) -> Priority:
        """Return that of the incident type; a drill never goes before an emergency (OPS-7)."""
        if self.typed.drill or incident is None:
            return Priority.ROUTINE
        return Priority(incident.priority)

    def _complain(self, name: str, words: str) -> None:
        self.complaints.append(Complaint(field=name, words=words))

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.organization.time_zone)

    def _incident(self) -> IncidentType | None:
        found = IncidentType.objects.filter(pk__in=ids([self.typed.incident])).first()
        if found is None:
            label = labels.of(self.organization)[Label.INCIDENTS]
            words = (
                _("選んだ%(label)sは削除されました。一覧から選び直してください。")
                if self.typed.incident
                else _("%(label)sを選んでください。")
            )
            self._complain("incident", words % {"label": label})
        elif not IncidentType.objects.sent_by(self.operator).filter(pk=found.pk).exists():
            words = _("「%(name)s」を送信できるのは、%(who)sです。送信を依頼してください。")
            self._complain("incident", words % {"name": found.name, "who": _who(found)})
        return found

    def _content(self, incident: IncidentType | None) -> Content:
        typed = self.typed
        return Content(
            organization=self.organization.name,
            incident=sequels.marked(
                wording.phrase(incident) if incident else Phrase(), self.typed.sequel
            ),
            occurred_at=self._occurred_at(),
            time_zone=self.organization.time_zone,
            place=text.clean(typed.place).text,
            situation=self._under(incident, Situation.objects.all(), "situation"),
            situation_note=text.clean(typed.situation_note, multiline=True).text,
            instruction=self._under(incident, Instruction.objects.all(), "instruction"),
            instruction_note=text.clean(typed.instruction_note, multiline=True).text,
            signed=text.clean(typed.sender).text,
            choices=wording.choices(self._choices()) if typed.ask else (),
            confirm=typed.confirm,
            drill=typed.drill,
            by_reply=wording.by_reply(self.organization),
            sender=wording.sender(self.organization, self.operator.unit),
        )

    def _occurred_at(self) -> datetime:
        found = self.typed.occurred.aware(self._zone())
        if found is None:
            words = _("発生日時を、日付と0～23時、0～59分で入力してください。")
            self._complain("occurred", words)
        return found or self.now.replace(second=0, microsecond=0)

    def _under(
        self,
        incident: IncidentType | None,
        rows: QuerySet[Situation] | QuerySet[Instruction],
        name: str,
    ) -> Phrase:
        """Return the situation or instruction chosen; it must belong to the incident type."""
        wanted = getattr(self.typed, name)
        if not wanted or incident is None:
            return Phrase()
        found = rows.filter(incident_type=incident, pk__in=ids([wanted])).first()
        if found is None:
            label = labels.of(self.organization)[f"{name}s"]
            words = _("選んだ%(label)sは、いまの一覧にありません。選び直してください。")
            self._complain(name, words % {"label": label})
            return Phrase()
        return wording.phrase(found)

    def _choices(self) -> list[AnswerChoice]:
        """Return the answers offered, in the order of the list."""
        found = list(AnswerChoice.objects.filter(pk__in=ids(self.typed.choices)))
        label = labels.of(self.organization)[Label.ANSWERS]
        if len(found) < len(set(self.typed.choices)):
            words = _("選んだ%(label)sに、削除されたものがあります。選び直してください。")
            self._complain("choices", words % {"label": label})
        elif not found:
            words = _("%(label)sを1つ以上選ぶか、「回答を求めない」を選んでください。")
            self._complain("choices", words % {"label": label})
        return found

    def _check_limits(self, content: Content) -> None:
        """Complain of what is missing or too long (MSG-2)."""
        values = {
            "incident": "-",  # complained of above, in the organization's own word
            "occurred_at": "-",
            "place": content.place,
            "situation_note": content.situation_note,
            "instruction_note": content.instruction_note,
            "sender": content.signed,
        }
        self.complaints.extend(limits.check(values))

    def _schedule(self) -> tuple[datetime | None, datetime | None]:
        """Return when to start and after when not any more (予約)."""
        if not self.typed.scheduled:
            return None, None
        start = self.typed.start.aware(self._zone())
        deadline = self.typed.deadline.aware(self._zone())
        if start is None:
            words = _("予約する日時を、日付と0～23時、0～59分で入力してください。")
            self._complain("start", words)
        elif start <= self.now:
            self._complain("start", _("予約する日時が過ぎています。これからの日時にしてください。"))
        if self.typed.deadline and deadline is None:
            words = _("送信の期限を、日付と0～23時、0～59分で入力するか、空にしてください。")
            self._complain("deadline", words)
        if start and deadline and deadline < start:
            words = _("送信の期限は、予約する日時より後にしてください。")
            self._complain("deadline", words)
        return start, deadline


def _who(incident: IncidentType) -> str:
    """Return whose hands a kind of message is in, in words (OPS-4)."""
    who = str(incident.get_sent_by_display())
    if incident.unit is None:
        return who
    return _("%(unit)sの%(who)s") % {"unit": incident.unit.name, "who": who}
