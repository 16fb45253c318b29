"""Who a row means: somebody in the address book, somebody new, or somebody of a row above it.

People are recognized by 利用者コード. Without one, by the same name and the same first address or
number; one that is not the first may be an office's, and to merge two people would silence one of
them. A person who had no code gets the one that the file gives.
"""

from __future__ import annotations

from denrei.directory.importing.known import Known, Person
from denrei.directory.importing.wanted import Wanted, WantedChild
from denrei.domain import text


class RowRefusedError(Exception):
    """The row is left out; the arguments are the reasons, sentences for people."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return the sentences."""
        return tuple(map(str, self.args))


def match(wanted: Wanted, known: Known) -> Person | None:
    """Return the person that the row means, None for a new one. Raises RowRefusedError."""
    if wanted.code and (person := known.by_code.get(wanted.code)):
        return person
    if wanted.first_contact is None:
        return None
    name = text.fold(wanted.name)
    namesakes = [
        person
        for person in known.by_contact.get(wanted.first_contact, ())
        if text.fold(person.name) == name and not (wanted.code and person.code)
    ]
    first = [person for person in namesakes if person.first_contact == wanted.first_contact]
    means = first or namesakes
    if len(means) > 1:
        raise RowRefusedError(
            "同じ氏名と連絡先の方が名簿に2人以上います。利用者コードを入力してください。"
        )
    return means[0] if means else None


class RowsAbove:
    """The people of the rows above, to find the second row of one person."""

    def __init__(self) -> None:
        self._by_code: dict[str, int] = {}
        self._by_person: dict[int, int] = {}
        #: (name, medium, key) -> line; of all rows, and of those without a code.
        self._by_name: dict[tuple[str, int, str], int] = {}
        self._without_code: dict[tuple[str, int, str], int] = {}
        #: (household, folded name) -> line and what it said
        self._children: dict[tuple[int, str], tuple[int, WantedChild]] = {}

    def claim(self, line: int, wanted: Wanted, person: Person | None) -> None:
        """Note whom the row means. Raises RowRefusedError where a row above meant the same."""
        name = (text.fold(wanted.name), *wanted.first_contact) if wanted.first_contact else None
        first = min(self._lines(wanted, person, name), default=None)
        if first is not None:
            raise RowRefusedError(f"{first}行目と同じ方です。どちらかの行を消してください。")
        if wanted.code:
            self._by_code[wanted.code] = line
        if person:
            self._by_person[person.id] = line
        if name:
            self._by_name[name] = line
            if not wanted.code:
                self._without_code[name] = line

    def claim_child(
        self, line: int, household_id: int, child: WantedChild
    ) -> tuple[int, WantedChild]:
        """Return (line, child) of the row that named the child first: its word holds."""
        return self._children.setdefault((household_id, text.fold(child.name)), (line, child))

    def _lines(
        self, wanted: Wanted, person: Person | None, name: tuple[str, int, str] | None
    ) -> list[int]:
        """Return the lines above that mean the same person."""
        same_name = self._without_code if wanted.code else self._by_name
        found = (
            self._by_code.get(wanted.code) if wanted.code else None,
            self._by_person.get(person.id) if person else None,
            same_name.get(name) if name else None,
        )
        return [line for line in found if line is not None]
