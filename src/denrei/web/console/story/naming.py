"""How a story calls contacts, evidence, reasons and days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import dateformat, timezone, translation
from django.utils.translation import gettext as _

from denrei.directory import addresses
from denrei.domain.failures import CONSEQUENCES, Reason
from denrei.domain.states import Evidence
from denrei.reports.story.entries import Delivery
from denrei.web.console.broadcasts.picture import KINDS, Kind
from denrei.web.console.people import rows


def name_of(delivery: Delivery) -> str:
    """Return what people call the contact of a delivery: メール1."""
    if delivery.slot is None:
        return _(delivery.medium.label)
    return rows.label(delivery.medium, delivery.slot)


def place_of(delivery: Delivery) -> str:
    """Return the address of a delivery as people read it; a device of the app has none."""
    return addresses.shown(delivery.address, delivery.medium)


def kind_of(evidence: Evidence) -> Kind | None:
    """Return how evidence is called and drawn; None for 不明."""
    if evidence is Evidence.NONE:
        return None
    return next(kind for kind in KINDS if int(evidence) in kind.grades)


def day(moment: datetime) -> str:
    """Return a date in words, in the organization's time zone."""
    return dateformat.format(timezone.localtime(moment), _("Y年n月j日"))


def shared_with(delivery: Delivery) -> str:
    """Return the sentence about others whom a delivery reaches, "" where there are none (NEW-5)."""
    if not delivery.others:
        return ""
    names = listed(delivery.others)
    if delivery.is_others:
        return _("同じ世帯の%(names)sさんあての1通が、この方にも届きます。") % {"names": names}
    return _("同じ世帯の%(names)sさんも、この1通を受け取ります。") % {"names": names}


def listed(names: Iterable[str]) -> str:
    """Return names one after the other."""
    return _("、").join(names)


def titled(delivery: Delivery) -> str:
    """Return a contact with its address."""
    return "\u3000".join(filter(None, (name_of(delivery), place_of(delivery))))


def why(reason: Reason) -> str:
    """Return what happened in a sentence, "" for nothing special."""
    return "" if reason is Reason.NONE else _(CONSEQUENCES[reason].words)


def together(*sentences: str) -> str:
    """Return sentences as one paragraph; those that say nothing are left out."""
    space = "" if translation.get_language() == "ja" else " "
    return space.join(filter(None, sentences))
