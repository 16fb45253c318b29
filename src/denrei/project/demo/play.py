"""The demo's story: a city is imported, an alarm is launched, people answer, all are counted.

Real parts throughout: an embedded PostgreSQL, the web server, a worker, SMTP to mail servers of
our own that refuse and delay, and people who answer over HTTP. What was lost or came twice is
counted from those servers' log by code that knows nothing of the ledger.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from denrei.broadcasts.content import Content, Phrase
from denrei.project.demo import city, desk, rules
from denrei.project.demo.actors import Actor, acting, free_port, wait_until_served
from denrei.project.demo.controls import Control
from denrei.project.demo.expectation import expected
from denrei.project.demo.folder import Folder
from denrei.project.demo.judge import Verdict, judge
from denrei.project.demo.pace import Pace
from denrei.project.demo.staff import DUTY

if TYPE_CHECKING:  # Django must be set up first
    from denrei.accounts.models import Organization

SLUG = "shiomihara"
#: No such city; its domain is reserved for examples (RFC 2606).
NAME = "汐見原市"
DOMAIN = "shiomihara.example"
_SEED = 20261122
#: Seconds before each retry of a refusal, so that a greylisted mail is not waited for.
_RETRIES = [1, 2, 5, 10]
#: Of more people the texts of all mails are not kept: a log of some 50 MB is enough.
_MOST_SHOWN = 20_000


@dataclass
class Play:
    """What the demo knows while it runs."""

    people: int
    folder: Path
    say: Callable[[str], None]
    #: It ends by itself when all is counted; else the console has the page 仮想端末.
    once: bool = False
    organization: int = 0
    broadcast: int = 0
    #: Seconds by stage.
    seconds: dict[str, float] = field(default_factory=dict)
    #: Where mails that come back are taken.
    returns_port: int = field(default_factory=free_port)
    #: Both equations held at every look.
    held: bool = True

    @property
    def files(self) -> Folder:
        """Return where each file is."""
        return Folder(path=self.folder)

    @property
    def has_handsets(self) -> bool:
        """Whether what everybody gets is kept to be looked at: bounded by the people."""
        return not self.once and self.people <= _MOST_SHOWN

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure a stage."""
        began = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - began, 2)

    def build(self) -> None:
        """Write the city's file and its mail servers' rules."""
        crowd = list(city.people(self.people, _SEED))
        with self.files.people.open("wb") as file:
            file.writelines(city.people_csv(self.people, _SEED))
        rules.dump(city.rules(crowd), self.files.rules)

    def found(self, mail_port: int) -> None:
        """Create the organization with its words and its gateway."""
        from django.conf import settings

        from denrei.accounts import organizations
        from denrei.accounts.models import Preset
        from denrei.broadcasts import presets
        from denrei.channels.smtp import Smtp
        from denrei.deliveries import gateways
        from denrei.deliveries.registering import register

        created = organizations.create(SLUG, NAME, Preset.CITY, sender_address=f"bousai@{DOMAIN}")
        presets.furnish(created)
        channel = Smtp(
            host="127.0.0.1",
            port=mail_port,
            security="none",
            sender_name=NAME,
            sender_address=f"bousai@{DOMAIN}",
            return_path_domain=f"bounce.{DOMAIN}",
            connections=20,
        )
        register(created, channel, gateways.vault([settings.SECRET_KEY]), retry_seconds=_RETRIES)
        self.organization = created.pk

    def import_people(self) -> None:
        """Import the file as an operator would; every row must be taken."""
        from denrei.accounts import tenancy
        from denrei.accounts.models import Organization
        from denrei.directory import importing

        with tenancy.acting_for(self.organization):
            organization = Organization.objects.get()
        content = io.BytesIO(self.files.people.read_bytes())
        refused: list[str] = []
        summary = importing.apply(
            organization,
            content,
            lambda fate: refused.extend(fate.reasons),
            create_missing=True,
        )
        counts = "、".join(f"{verdict.label} {n:,}人" for verdict, n in summary.counts.items() if n)
        self.say(f"名簿を取り込みました（{counts}）。")
        for reason in refused[:5]:
            self.say(f"  {reason}")

    def drill_before(self) -> None:
        """Send one 定型連絡 of the desk as a drill, so that there is a history; not to nobody."""
        from denrei.accounts import tenancy
        from denrei.accounts.models import Operator
        from denrei.broadcasts.models import Draft
        from denrei.deliveries import ordering
        from denrei.deliveries.errors import LaunchError
        from denrei.deliveries.launch import launch

        now = datetime.now(UTC)
        with tenancy.acting_for(self.organization):
            operator = Operator.objects.select_related("organization").get(login=DUTY.login)
            ready = Draft.objects.templates().get(name=desk.REHEARSED)
            order = ordering.order(ready, operator, now).order
        with suppress(LaunchError):
            launch(operator.organization, order, operator)

    def launch(self) -> None:
        """Press 送信, as the operator on duty."""
        from denrei.accounts import tenancy
        from denrei.accounts.models import Operator, Organization
        from denrei.audience.selection import Selection
        from denrei.deliveries.launch import Order, launch

        now = datetime.now(UTC)
        with tenancy.acting_for(self.organization):
            organization = Organization.objects.get()
            operator = Operator.objects.get(login=DUTY.login)
            content = _content(organization, now)
        launched = launch(
            organization,
            Order(
                key="demo",
                content=content,
                selection=Selection(everybody=True),
                give_up_at=now + timedelta(days=1),
            ),
            operator,
        )
        self.broadcast = launched.broadcast_id
        self.say(
            f"緊急連絡を送信しました（連絡番号 {self.broadcast}、対象 {launched.people:,}人）。"
        )

    def verdict(self) -> Verdict:
        """Judge from the mail servers' own log."""
        files = self.files
        return judge(files.log, expected(files.people), answers=files.answers)


def _content(organization: Organization, now: datetime) -> Content:
    """Return what the alarm says."""
    from denrei.broadcasts import wording
    from denrei.broadcasts.models import AnswerChoice

    return Content(
        organization=organization.name,
        incident=Phrase(ja="地震発生", en="Earthquake"),
        occurred_at=now,
        time_zone=organization.time_zone,
        place="市内全域",
        situation=Phrase(ja="震度5弱以上を観測", en="Intensity 5-lower or more was observed"),
        situation_note="市内で停電が発生しています。津波の心配はありません。",
        instruction=Phrase(ja="安否を回答してください", en="Please report whether you are safe"),
        signed="防災危機管理課",
        choices=wording.choices(AnswerChoice.objects.all()),
    )


def mail_world(stack: ExitStack, play: Play) -> int:
    """Start the mail servers; return their port."""
    files = play.files
    arguments = ["denrei.project.demo.mailworld", "--log", str(files.log)]
    arguments += ["--rules", str(files.rules)]
    arguments += ["--returns", str(play.returns_port)]
    if play.has_handsets:
        arguments += ["--texts", "--faults", str(files.faults)]
    actor = stack.enter_context(acting("mailworld", arguments, play.folder))
    return int(str(actor.first_line()["port"]))


def servers(stack: ExitStack, play: Play, url: str, listen: str) -> list[Actor]:
    """Start the web server and a worker."""
    # Each chooses its own pool; ours is in the environment by now.
    environment = {
        "DENREI_PUBLIC_URL": url,
        "DENREI_LISTEN": listen,
        "DENREI_DATABASE_POOL": "",
        "DENREI_MAIL_LISTEN": f"lmtp:127.0.0.1:{play.returns_port}",
        "DENREI_DEMO": str(play.folder) if play.has_handsets else "",
    }
    web = stack.enter_context(
        acting("serve", ["denrei.project", "serve"], play.folder, environment)
    )
    worker = stack.enter_context(
        acting("worker", ["denrei.project", "worker"], play.folder, environment)
    )
    wait_until_served(web, url)
    return [web, worker]


def crowd(
    stack: ExitStack, play: Play, url: str, *, speed: float, until_quiet: float | None
) -> Actor:
    """Start the people who answer."""
    files = play.files
    arguments = ["denrei.project.demo.population", "--log", str(files.log), "--pick", f"{url}/r/"]
    arguments += ["--speed", str(speed), "--seed", str(_SEED)]
    arguments += ["--answers", str(files.answers)]
    if play.has_handsets:
        Control(files.pace).write(Pace(speed=speed).to_json())
        arguments += ["--control", str(files.pace)]
    if until_quiet is not None:
        arguments += ["--until-quiet", str(until_quiet)]
    return stack.enter_context(acting("population", arguments, play.folder))
