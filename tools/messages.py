"""The words of the console in English: collect them, keep the catalog, compile it (`make messages`).

Source strings are Japanese. `django.po` is edited by hand; what is new comes in empty, what is gone
leaves, and `.mo` beside it is what Django reads, so that nobody needs gettext's programs.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from denrei.channels.smtp import advice
from denrei.domain.conservation import Deliveries, People
from denrei.domain.failures import CONSEQUENCES
from denrei.domain.states import Look, Medium
from denrei.domain.status import Status

SOURCE = Path(__file__).resolve().parent.parent / "src" / "denrei"
CATALOG = SOURCE / "web/console/locale/en/LC_MESSAGES/django.po"
_KEYWORDS = {
    "_": None,
    "_t": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
_TEXT = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
#: What `templatize` makes of the tags of a template: a call among padding.
_CALL = re.compile(rf"\b(n?gettext|_)\(((?:{_TEXT}|[\w, ])+)\)")

#: What is translated; (singular, plural) where a number decides.
Words = str | tuple[str, str]


def messages() -> Iterator[Words]:
    """Yield each translatable string; (singular, plural) where a number decides."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield from _of_module(path)
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        yield from _of_template(path)
    yield from _of_domain()


def _of_domain() -> Iterator[Words]:
    """Yield what pages translate of the words of the domain and of channels, which know no language."""
    yield from (medium.label for medium in Medium)
    yield from (look.label for look in Look)
    yield from (status.value for status in Status)
    for equation in (People.counted(0, {}), Deliveries.counted(0, {}, 0)):
        yield from (name for name, _ in equation.parts)
    yield from (one.words for one in CONSEQUENCES.values())
    yield from advice.words()


def _of_module(path: Path) -> Iterator[Words]:
    found = extract_python(io.BytesIO(path.read_bytes()), _KEYWORDS.keys(), [], {})
    for _, function, said, _ in found:
        words = said if isinstance(said, tuple) else (said,)
        if function.startswith("ngettext"):
            yield (words[0], words[1])
        elif words[0]:
            yield words[0]


def _of_template(path: Path) -> Iterator[Words]:
    for line in templatize(path.read_text(encoding="utf-8"), origin=str(path)).splitlines():
        for function, arguments in _CALL.findall(line):
            words = [ast.literal_eval(one) for one in re.findall(_TEXT, arguments)]
            if words:
                yield (words[0], words[1]) if function == "ngettext" else words[0]


def catalog() -> Catalog:
    """Return the catalog as it lies on disk; an empty one where there is none."""
    if not CATALOG.exists():
        return Catalog(locale="en", project="denrei", fuzzy=False)
    with CATALOG.open("rb") as file:
        return read_po(file, locale="en")


def renewed() -> Catalog:
    """Return the catalog with exactly the strings of the source, and what is known of each."""
    known = catalog()
    fresh = Catalog(locale="en", project="denrei", creation_date=known.creation_date, fuzzy=False)
    fresh.header_comment, fresh.mime_headers = known.header_comment, known.mime_headers
    for message in messages():
        before = known.get(message if isinstance(message, str) else message[0])
        fresh.add(message, before.string if before and _counts_as(before, message) else None)
    return fresh


def _counts_as(before: Message, said: Words) -> bool:
    """Tell whether what is known has the forms that are asked for: one, or one for each number."""
    return before.pluralizable is isinstance(said, tuple)


def is_translated(message: Message) -> bool:
    """Tell whether a message of the catalog, or its header, has words in each of its forms."""
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return not message.id or all(forms)


def main() -> None:
    """Write the catalog and what Django reads; say how much is still to be translated."""
    fresh = renewed()
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    with CATALOG.open("wb") as file:
        write_po(file, fresh, width=100, sort_output=True, omit_header=False)
    with CATALOG.with_suffix(".mo").open("wb") as file:
        write_mo(file, fresh)
    empty = sum(1 for message in fresh if not is_translated(message))
    print(f"{len(fresh)} strings, {empty} to be translated: {CATALOG}")


if __name__ == "__main__":
    main()
