"""訂正, 取消 and 解除: a broadcast that says something of an earlier one (NEW-13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from denrei.broadcasts import earlier
from denrei.broadcasts.content import Content, Phrase
from denrei.broadcasts.models import Broadcast
from denrei.broadcasts.typed import Typed


class Sequel(TextChoices):
    """What a later broadcast does to an earlier one."""

    #: Something in it was wrong; this is right.
    CORRECTION = "correction", _("訂正")
    #: It should not have been sent.
    WITHDRAWAL = "withdrawal", _("取消")
    #: What it warned of is over.
    RELEASE = "release", _("解除")


_MARKS: Mapping[Sequel, Phrase] = {
    Sequel.CORRECTION: Phrase(ja="【訂正】", en="[Correction] "),
    Sequel.WITHDRAWAL: Phrase(ja="【取消】", en="[Withdrawn] "),
    Sequel.RELEASE: Phrase(ja="【解除】", en="[All clear] "),
}
#: The note that a form begins with: whoever sends it reads it first.
_NOTES: Mapping[Sequel, str] = {
    Sequel.CORRECTION: "{at}の連絡を訂正します。",
    Sequel.WITHDRAWAL: "{at}の連絡は誤りでした。取り消します。",
    Sequel.RELEASE: "{at}の連絡を解除します。",
}


def marked(incident: Phrase, sequel: str) -> Phrase:
    """Return the subject with the mark of a sequel; "" leaves it as it is."""
    if sequel not in Sequel.values or not incident.ja:
        return incident
    mark = _MARKS[Sequel(sequel)]
    return Phrase(ja=mark.ja + incident.ja, en=mark.en + incident.en if incident.en else "")


def begun(broadcast: Broadcast, sequel: Sequel) -> Typed:
    """Return the form with which a sequel of a broadcast begins: what was sent, and what is said of it.

    A correction keeps all of it, also where the note is too long then: the form says so. The others keep neither
    situation nor instruction and ask nothing. It goes to whom the broadcast may have reached.
    """
    content = Content.from_json(broadcast.content)
    at = timezone.localtime(broadcast.launched_at, ZoneInfo(content.time_zone))
    note = _NOTES[sequel].format(at=f"{at.month}月{at.day}日{at.hour}時{at.minute:02d}分")
    typed = replace(
        earlier.form(broadcast), corrects=str(broadcast.pk), sequel=sequel.value, to_all=False
    )
    if sequel is Sequel.CORRECTION:
        return replace(typed, situation_note=f"{note}{typed.situation_note}")
    return replace(
        typed, situation="", situation_note=note, instruction="", instruction_note="", ask=False
    )
