"""The words of the console in English: collect them, keep the catalog, compile it (`make messages`).

Source strings are Japanese. `en.po` is edited by hand; what is new comes in empty, what is gone
leaves, and `.mo` beside it is what Django reads, so that nobody needs gettext's programs.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent / "src" / "denrei"
CATALOG = SOURCE / "web/console/locale/en/LC_MESSAGES/django.po"
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
_TEXT = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
#: What `templatize` makes of the tags of a template: a call among padding.
_CALL = re.compile(rf"\b(n?gettext)\(((?:{_TEXT}|[\w, ])+)\)")

Message = str | tuple[str, str]


def messages() -> Iterator[Message]:
    """Yield each translatable string; (singular, plural) where a number decides."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield from _of_module(path)
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        yield from _of_template(path)


def _of_module(path: Path) -> Iterator[Message]:
    found = extract_python(io.BytesIO(path.read_bytes()), _KEYWORDS.keys(), [], {})
    for _, function, said, _ in found:
        words = said if isinstance(said, tuple) else (said,)
        if function.startswith("ngettext"):
            yield (words[0], words[1])
        elif words[0]:
            yield words[0]


def _of_template(path: Path) -> Iterator[Message]:
    for line in templatize(path.read_text(encoding="utf-8"), origin=str(path)).splitlines():
        for function, arguments in _CALL.findall(line):
            words = [ast.literal_eval(one) for one in re.findall(_TEXT, arguments)]
            if words:
                yield (words[0], words[1]) if function == "ngettext" else words[0]


def catalog() -> Catalog:
    """Return the catalog as it lies on disk; an empty one where there is none."""
    if not CATALOG.exists():
        return Catalog(locale="en", project="denrei")
    with CATALOG.open("rb") as file:
        return read_po(file, locale="en")


def renewed() -> Catalog:
    """Return the catalog with exactly the strings of the source, and what is known of each."""
    known, fresh = catalog(), Catalog(locale="en", project="denrei")
    for message in messages():
        before = known.get(message if isinstance(message, str) else message[0])
        fresh.add(message, before.string if before else None)
    return fresh


def main() -> None:
    """Write the catalog and what Django reads; say how much is still to be translated."""
    fresh = renewed()
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    with CATALOG.open("wb") as file:
        write_po(file, fresh, width=100, sort_output=True, omit_header=False)
    with CATALOG.with_suffix(".mo").open("wb") as file:
        write_mo(file, fresh)
    empty = sum(1 for message in fresh if message.id and not message.string)
    print(f"{len(fresh)} strings, {empty} to be translated: {CATALOG}")


if __name__ == "__main__":
    main()
