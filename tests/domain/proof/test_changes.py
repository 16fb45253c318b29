"""Whatever is changed in a file without its key is found, and where it was is named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.domain.proof.forging import (
    BROADCAST,
    KEY,
    PERSON,
    broken,
    forged,
    lines,
    proven,
    rows,
    written,
)

pytestmark = pytest.mark.spec("NEW-1")

CONTENT = st.sampled_from([BROADCAST, PERSON])


@pytest.mark.parametrize("content", [BROADCAST, PERSON], ids=["broadcast", "person"])
def test_a_file_of_format_1_is_proven_for_ever(content: bytes) -> None:
    report = proven(content, key=KEY.upper().replace("0", "O").replace("-", " "))

    assert report.holds
    assert report.fingerprint == KEY
    assert set() == broken(content)


@settings(max_examples=300)
@given(CONTENT, st.data())
def test_one_byte_of_another_value_is_found(content: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(content) - 1))
    value = data.draw(st.integers(0, 255))
    assume(content[place] != value)

    assert broken(content[:place] + bytes([value]) + content[place + 1 :])


@given(CONTENT, st.data())
def test_bytes_that_are_cut_out_or_put_in_are_found(content: bytes, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(content)))
    last = data.draw(st.integers(first, min(len(content), first + 300)))
    put_in = data.draw(st.binary(max_size=50))
    changed = content[:first] + put_in + content[last:]
    assume(changed != content)

    assert broken(changed)


@given(CONTENT, st.data())
def test_a_line_that_is_missing_doubled_or_elsewhere_is_found(
    content: bytes, data: st.DataObject
) -> None:
    found = lines(content)
    act = data.draw(st.sampled_from([_without, _doubled, _swapped, _moved]))
    changed = act(found, data.draw)
    assume(changed != found)

    assert broken(b"".join(changed))


Draw = Callable[[st.SearchStrategy[int]], int]


def _place(found: list[bytes], draw: Draw) -> int:
    return draw(st.integers(0, len(found) - 1))


def _without(found: list[bytes], draw: Draw) -> list[bytes]:
    place = _place(found, draw)
    return found[:place] + found[place + 1 :]


def _doubled(found: list[bytes], draw: Draw) -> list[bytes]:
    place = _place(found, draw)
    return [*found[:place], found[place], *found[place:]]


def _swapped(found: list[bytes], draw: Draw) -> list[bytes]:
    one, other = _place(found, draw), _place(found, draw)
    changed = list(found)
    changed[one], changed[other] = changed[other], changed[one]
    return changed


def _moved(found: list[bytes], draw: Draw) -> list[bytes]:
    place = _place(found, draw)
    rest = _without(found, lambda _: place)
    rest.insert(_place(found, draw), found[place])
    return rest


@given(CONTENT, st.data())
def test_who_reckons_the_chain_anew_has_no_signature(content: bytes, data: st.DataObject) -> None:
    given_rows = rows(content)
    place = data.draw(st.integers(0, len(given_rows) - 2))
    row = given_rows[place]
    name = data.draw(st.sampled_from(sorted(set(row) - {"row", "version"})))
    value = data.draw(st.none() | st.booleans() | st.integers() | st.text())
    assume(row[name] != value or type(row[name]) is not type(value))
    row[name] = value

    assert "signature" in broken(written(given_rows, signed=False))


@given(CONTENT)
def test_who_signs_with_another_key_is_found_by_the_fingerprint(content: bytes) -> None:
    resigned = written(rows(content))

    assert set() == broken(resigned)
    assert {"key"} == broken(resigned, key=KEY)
    assert any(
        finding.check == "key" and finding.holds is None for finding in proven(resigned).findings
    )


def details(content: bytes) -> tuple[str, ...]:
    (finding,) = [one for one in proven(content).findings if one.check == "file"]
    return finding.details


def test_a_change_is_named_by_its_line() -> None:
    found = lines(BROADCAST)
    changed = [*found]
    changed[19] = changed[19].replace(b'"tries":', b'"tries": ')
    swapped = [*found]
    swapped[9], swapped[10] = swapped[10], swapped[9]

    assert details(b"".join(changed)) == (
        "20行目：この行が変えられています",
        "終わりの行にある行数かハッシュが、ファイルと違います",
    )
    assert details(b"".join(found[:29] + found[30:]))[0] == (
        "30行目：この前にあるはずの30行目がありません"
    )
    assert details(b"".join(found[:29] + found[33:]))[0] == (
        "30行目：この前にあるはずの30行目から33行目までがありません"
    )
    assert details(b"".join([*found[:30], *found[29:]]))[0] == (
        "31行目：30行目が重なっているか、順序が入れ替わっています"
    )
    assert details(b"".join(swapped))[:2] == (
        "10行目：この前にあるはずの10行目がありません",
        "11行目：10行目が重なっているか、順序が入れ替わっています",
    )


@pytest.mark.parametrize("left", [1, 20, 63])
def test_a_file_that_was_cut_says_so(left: int) -> None:
    cut = b"".join(lines(BROADCAST)[:left])

    assert "終わりの行がありません。ファイルが途中で切れています" in details(cut)
    assert {"file", "signature"} <= broken(cut)
    assert "signature" in broken(cut + b"x" * 10)


def test_a_hash_that_was_kept_apart_must_stand_in_the_chain() -> None:
    known = [row["hash"] for row in rows(BROADCAST) if row["row"] == "seal"]

    assert [set(), set()] == [broken(BROADCAST, head=head.upper()) for head in known]
    assert {"head"} == broken(BROADCAST, head="0" * 64)
    assert {"head"} == broken(BROADCAST, head=known[0][:16])


def test_a_version_that_is_not_known_is_not_judged() -> None:
    def later(given_rows: list[dict[str, object]]) -> None:
        given_rows[0]["version"] = 2

    assert {"unreadable"} == broken(forged(later))
