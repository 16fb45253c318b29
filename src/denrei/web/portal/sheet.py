"""What one answer page shows, ready for the templates: no template decides anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from denrei.broadcasts import rendering
from denrei.broadcasts.content import Choice, Content
from denrei.domain import text
from denrei.responses.answering import Fault, Reply
from denrei.responses.models import Source
from denrei.responses.pages import Given, Page, Person
from denrei.web.portal import words
from denrei.web.portal.parts import Form, Option, Shown, Thanks
from denrei.web.portal.words import Words

#: What a page offers; 訪問 and 電話口 are noted by operators.
OFFERED = (Source.SELF, Source.FAMILY, Source.PROXY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page in one language."""

    language: str
    words: Words
    page: Page

    @property
    def content(self) -> Content:
        """What was sent."""
        return self.page.content

    @property
    def asks(self) -> bool:
        """Whether there is something to choose; else 受信確認 only."""
        return bool(self.content.choices)

    @property
    def shared(self) -> bool:
        """Whether several people share the address."""
        return len(self.page.people) > 1

    @property
    def title(self) -> str:
        """What the person is to do."""
        return self.words.ask_title if self.asks else self.words.confirm_title

    @property
    def incident(self) -> str:
        """The message's subject, 訓練 marked (ALL-8)."""
        return rendering.subject(self.content, self.language)

    @property
    def sent(self) -> str:
        """When it was sent."""
        return self.words.sent.format(self.clock(self.page.launched_at, "%H:%M"))

    @property
    def followed(self) -> str:
        """That a later message corrects or withdraws this one (NEW-13); "" where none does."""
        later = self.page.later
        return self.words.followed.format(later.in_language(self.language)) if later else ""

    @property
    def names(self) -> str:
        """Whose page it is."""
        return self.words.comma.join(self.called(person.name) for person in self.page.people)

    @property
    def only_for(self) -> str:
        """The request not to forward."""
        return self.words.only_for.format(self.names)

    def called(self, name: str) -> str:
        """Return a name as one is spoken to."""
        return name + self.words.honorific

    def clock(self, at: datetime, time: str) -> str:
        """Return day and time in the organization's zone; `time` is for strftime."""
        local = at.astimezone(ZoneInfo(self.content.time_zone))
        day = f"{local:%-d %b}," if self.language == "en" else f"{local.month}月{local.day}日"
        return f"{day} {local:{time}}"

    def details(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield (label, lines) of the message; what says nothing is left out."""
        content, language = self.content, self.language
        occurred = rendering.moment(content.occurred_at, content.time_zone, language)
        for label, lines in (
            (self.words.occurred, (occurred,)),
            (self.words.place, (content.place,)),
            (
                self.words.situation,
                (content.situation.in_language(language), content.situation_note),
            ),
            (
                self.words.instruction,
                (content.instruction.in_language(language), content.instruction_note),
            ),
            (self.words.signed, (content.signed,)),
        ):
            said = tuple(line for line in lines if line)
            if said:
                yield label, said

    def shown(self, given: Given) -> Shown:
        """Return an answer as the page shows it."""
        choice = self.content.choice(given.choice)
        answer = choice.words.in_language(self.language) if choice else self.words.confirmed
        return Shown(
            answer=answer,
            at=self.clock(given.at, "%H:%M:%S"),
            by=self.words.sources.get(given.source, given.source.label),
            comment=given.comment,
        )

    def thanks(self, person: Person, given: Given) -> Thanks:
        """Return the page after an answer."""
        title = self.words.answered_title if self.asks else self.words.confirmed_title
        return Thanks(
            title=title,
            person=person.recipient_id,
            name=person.name,
            shown=self.shown(given),
            needs_help=given.needs_help,
            stopped=self.words.stopped.format(self.called(person.name)),
            source=given.source if given.source in OFFERED else Source.SELF,
            others=tuple(
                (one.recipient_id, self.words.answer_for.format(self.called(one.name)))
                for one in self.page.people
                if one.given is None
            ),
            worse=tuple(
                Option(value=choice.value, label=self.words.change_to.format(choice.label))
                for choice in self.choices()
                if choice.needs_help and choice.value != given.choice
            ),
        )

    def forms(self, reply: Reply | None = None, faults: Sequence[Fault] = ()) -> list[Form]:
        """Return one form for each person; what was typed is kept, with what is wrong with it."""
        return [
            self._form(person, reply, faults)
            if reply and reply.recipient_id == person.recipient_id
            else self._form(person, None, ())
            for person in self.page.people
        ]

    def complaints(self, reply: Reply | None, faults: Sequence[Fault]) -> tuple[str, ...]:
        """Return what is wrong with a reply and what to do, a sentence each."""
        length = text.length(reply.comment) if reply else 0
        return tuple(self.words.faults[fault].format(length) for fault in faults)

    def choices(self, marked: str | None = None, mark: str = "") -> tuple[Option, ...]:
        """Return the broadcast's answers, one of them perhaps marked."""
        return tuple(
            self._option(choice, mark if choice.code == marked else "")
            for choice in self.content.choices
        )

    def _option(self, choice: Choice, mark: str) -> Option:
        return Option(
            value=choice.code,
            label=choice.words.in_language(self.language),
            needs_help=choice.needs_help,
            mark=mark,
        )

    def _marked(self, person: Person, reply: Reply | None) -> tuple[Option, ...]:
        """Return the answers with the one marked that was pressed in vain, else the last one."""
        if reply:
            return self.choices(reply.choice, self.words.pressed)
        return self.choices(person.given.choice if person.given else None, self.words.last)

    def _form(self, person: Person, reply: Reply | None, faults: Sequence[Fault]) -> Form:
        source = reply.source if reply else Source.SELF
        comment = reply.comment if reply else ""
        return Form(
            person=person.recipient_id,
            name=person.name,
            choices=self._marked(person, reply),
            sources=tuple(
                Option(value=one, label=self.words.sources[one], chosen=one == source)
                for one in OFFERED
            ),
            comment=comment,
            unfolded=source != Source.SELF or bool(comment),
            before=self.shown(person.given) if person.given else None,
            complaints=self.complaints(reply, faults),
        )


def sheet(page: Page, asked: str = "") -> Sheet:
    """Return a page in the language asked for, else in the one that it was written in."""
    known = [name for name in (asked, page.language) if name in words.LANGUAGES]
    language = known[0] if known else words.DEFAULT
    return Sheet(language=language, words=words.LANGUAGES[language], page=page)
