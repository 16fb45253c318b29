"""Administrators are told by mail that an alarm began, and that it ended: once each (OPS-5).

A mail server may take its time: it is told by a thread of its own, with a connection of Django's
and no transaction open while a gateway is spoken to. Whoever tells takes the alarm for a while;
where that fails, or the process dies, it is told again after a pause: better twice than never.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import Error, close_old_connections, connection, connections
from django.db.models.functions import Now
from django.utils import translation

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.deliveries import notices
from denrei.deliveries.statements import statement
from denrei.deliveries.watch.models import Alarm
from denrei.deliveries.watch.words import Words, said

_log = logging.getLogger(__name__)

#: Seconds until it is tried again, after the first, second, … try.
PAUSES = (60, 120, 300, 600)


@dataclass(slots=True)
class Teller:
    """Tells what the watch finds, one alarm at a time."""

    _due: asyncio.Queue[int] = field(default_factory=lambda: asyncio.Queue(1))

    def wake(self, organization: int) -> None:
        """Let an organization's administrators be told, unless somebody else's are at this moment."""
        if self._due.empty():
            self._due.put_nowait(organization)

    async def run(self) -> None:
        """Tell for ever."""
        with ThreadPoolExecutor(1, "alarms") as thread:
            try:
                while True:
                    organization = await self._due.get()
                    await asyncio.get_running_loop().run_in_executor(thread, _tell, organization)
            finally:
                thread.submit(connections.close_all)


def _tell(organization_id: int) -> None:
    close_old_connections()
    try:
        while tell_next(organization_id):
            pass
    except Error as error:  # it is tried again after its pause
        _log.warning("alarm not told", extra={"why": str(error)})


def tell_next(organization_id: int) -> bool:
    """Tell one alarm that is to be told now; False: there is none."""
    with tenancy.acting_for(organization_id):
        tenancy.as_application()
        alarm = _taken(organization_id)
        if alarm is None:
            return False
        organization = Organization.objects.get(pk=organization_id)
        with translation.override("ja"):
            ((_, words),) = said([alarm])
            subject, text = _mail(organization, alarm, words)
    ending = ".end" if alarm.ended_at else ""
    notice = notices.administrators(
        organization, subject, text, key=f"alarm.{alarm.pk}{ending}", about=alarm.gateway_id
    )
    _note(organization_id, alarm, notice)
    return True


def _taken(organization_id: int) -> Alarm | None:
    with connection.cursor() as cursor:
        cursor.execute(statement("tell"), {"organization": organization_id, "pauses": list(PAUSES)})
        row = cursor.fetchone()
    return Alarm.objects.get(pk=row[0]) if row else None


def _mail(organization: Organization, alarm: Alarm, words: Words) -> tuple[str, str]:
    """Return subject and text, in Japanese: nobody knows an operator's language."""
    since = _moment(organization, alarm.since)
    if alarm.ended_at:
        mark, until = "【復旧】", _moment(organization, alarm.ended_at)
        lines = [f"次の警報は終わりました（{since}から{until}まで）。", words.what]
    else:
        mark = "【警報】"
        lines = [f"{since}から、次の警報が出ています。", words.what]
        lines += [words.cause] if words.cause else []
        lines += ["", f"影響：{words.effect}", "", f"すること：{words.todo}"]
    console = f"{settings.PUBLIC_URL}/console/"
    lines += ["", "操作者の画面で確認してください。", console, "", organization.name]
    return mark + words.what, "\n".join(lines) + "\n"


def _moment(organization: Organization, at: datetime) -> str:
    local = at.astimezone(ZoneInfo(organization.time_zone))
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _note(organization_id: int, alarm: Alarm, notice: notices.Notice) -> None:
    with tenancy.acting_for(organization_id):
        tenancy.as_application()
        mine = Alarm.objects.filter(pk=alarm.pk)
        if not notice.accepted:
            _log.error("alarm not told", extra={"alarm": alarm.pk, "kind": alarm.kind})
            mine.update(refusal=notice.refusal)
        elif alarm.ended_at:
            mine.update(end_told_at=Now(), refusal="")
        else:
            mine.update(told_at=Now(), refusal="", tries=0)
