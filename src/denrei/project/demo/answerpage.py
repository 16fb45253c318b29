"""The forms of an answer page, as a person's browser understands them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

_CHOICE = "choice"
#: Inputs that send nothing by themselves.
_SILENT = frozenset({"reset", "button", "file"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerForm:
    """One form that asks one person: choose one value, send the rest along."""

    #: As the page has it: "" means the page's own address.
    action: str
    #: Name and values of the radio inputs or buttons, in the order of the page.
    choice: str
    values: tuple[str, ...]
    #: Everything else that the form sends.
    fields: tuple[tuple[str, str], ...]

    @property
    def person(self) -> str:
        """Whom the form is for, where a page asks several; else ""."""
        return dict(self.fields).get("person", "")

    def filled(self, value: str) -> list[tuple[str, str]]:
        """Return what a browser sends when `value` is chosen."""
        return [*self.fields, (self.choice, value)]


def read(html: str) -> list[AnswerForm]:
    """Return the forms of a page that are sent by POST and offer a choice, in order."""
    parser = _Reader()
    parser.feed(html)
    parser.close()
    return [form for draft in parser.drafts if (form := draft.form()) is not None]


@dataclass(slots=True, kw_only=True)
class _Draft:
    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    radios: dict[str, list[str]] = field(default_factory=dict)
    checked: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, list[str]] = field(default_factory=dict)

    def form(self) -> AnswerForm | None:
        """Return the form; None where it is no question."""
        name = self._choice()
        if self.method != "post" or name is None:
            return None
        others = [pair for pair in self.checked.items() if pair[0] != name]
        if name in self.radios:
            others += [(button, values[0]) for button, values in self.buttons.items()]
        return AnswerForm(
            action=self.action,
            choice=name,
            values=tuple(self.radios.get(name) or self.buttons[name]),
            fields=(*self.fields, *others),
        )

    def _choice(self) -> str | None:
        """Prefer the name agreed on, then any group of radio inputs, then of buttons."""
        named = [name for group in (self.radios, self.buttons) for name in group if name == _CHOICE]
        groups = [*named, *self.radios, *(n for n, v in self.buttons.items() if len(v) > 1)]
        return groups[0] if groups else None


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.drafts: list[_Draft] = []
        self._open: _Draft | None = None
        self._select = ""
        self._textarea: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = _Draft(
                method=found.get("method", "get").lower(), action=found.get("action", "")
            )
            self.drafts.append(self._open)
        elif self._open is None or "disabled" in found:
            return
        elif tag in {"input", "button"} and found.get("name"):
            kind = found.get("type", "submit" if tag == "button" else "text").lower()
            _take_input(self._open, kind, found, ticked="checked" in found)
        elif tag == "select":
            self._select = found.get("name", "")
        elif tag == "option":
            self._take_option(self._open, found, selected="selected" in found)
        elif tag == "textarea" and found.get("name"):
            self._textarea = (found["name"], [])

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._textarea is not None and self._open is not None:
            name, text = self._textarea
            self._open.fields.append((name, "".join(text).removeprefix("\n")))
            self._textarea = None

    def _take_option(self, draft: _Draft, found: Mapping[str, str], *, selected: bool) -> None:
        """Take the selected option, or the first; one without a value sends nothing of interest."""
        if self._select and (selected or self._select not in draft.checked):
            draft.checked[self._select] = found.get("value", "")


def _take_input(draft: _Draft, kind: str, found: Mapping[str, str], *, ticked: bool) -> None:
    name, value = found["name"], found.get("value", "")
    if kind == "radio":
        draft.radios.setdefault(name, []).append(value)
        if ticked:
            draft.checked[name] = value
    elif kind in {"submit", "image"}:
        draft.buttons.setdefault(name, []).append(value)
    elif kind == "checkbox":
        if ticked:
            draft.fields.append((name, value or "on"))
    elif kind not in _SILENT:
        draft.fields.append((name, value))
