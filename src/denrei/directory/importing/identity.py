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
    """The people and children of the rows above, to find the second row that means them.

    Kept by 64-bit hashes, so that memory grows by some 300 bytes a row. Among a million rows two
    hashes meet once in 30 million imports; then a row is refused that need not be.
    """

    def __init__(self) -> None:
        #: Hash of what a person is recognized by -> line.
        self._people: dict[int, int] = {}
        #: Hash of household and name -> (line, hash of all that the row says of the child).
        self._children: dict[int, tuple[int, int]] = {}

    def claim(self, line: int, wanted: Wanted, person: Person | None) -> None:
        """Note whom the row means. Raises RowRefusedError where a row above meant the same."""
        name = (text.fold(wanted.name), *wanted.first_contact) if wanted.first_contact else None
        by_code = hash(("code", wanted.code)) if wanted.code else None
        by_person = hash(("person", person.id)) if person else None
        by_name = hash(("name", name)) if name else None
        by_name_alone = hash(("name alone", name)) if name else None
        # by the name only where one of the two rows has no code
        asked = (by_code, by_person, by_name_alone if wanted.code else by_name)
        noted = (by_code, by_person, by_name, None if wanted.code else by_name_alone)
        lines = [self._people[key] for key in asked if key is not None and key in self._people]
        if lines:
            raise RowRefusedError(f"{min(lines)}行目と同じ方です。どちらかの行を消してください。")
        self._people.update((key, line) for key in noted if key is not None)

    def claim_child(self, line: int, household_id: int, child: WantedChild) -> tuple[int, bool]:
        """Return the line that named the child first, and whether it said the same of it."""
        said = hash(child)
        # as text: the hashes of -1 and -2, the first two new households, are one in Python
        key = hash(f"{household_id} {text.fold(child.name)}")
        first, word = self._children.setdefault(key, (line, said))
        return first, word == said
