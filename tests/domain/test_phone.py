"""Phone numbers and the number plan."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.domain import phone
from denrei.domain.number_plan import PLAN, Kind, NumberRange
from denrei.domain.phone import Code, InvalidNumberError, PhoneNumber
from denrei.domain.states import Medium


@pytest.mark.spec("SMS-2")
@pytest.mark.parametrize(
    "written",
    [
        "09012345678",
        "090-1234-5678",
        "０９０－１２３４－５６７８",
        "090ー1234ー5678",
        "090‐1234—5678",
        "090 1234\u30005678",
        "(090) 1234-5678",
        "（０９０）１２３４・５６７８",
        "+819012345678",
        "+81 90-1234-5678",
        "＋８１ ９０ １２３４ ５６７８",
        "+81 (0)90 1234 5678",
        "0081-90-1234-5678",
        "010-81-90-1234-5678",
        "819012345678",
        "tel:+81-90-1234-5678",
        "\u202a090-1234-5678\u202c\n",
    ],
)
def test_one_number_in_many_ways_of_writing(written: str) -> None:
    number = PhoneNumber(e164="+819012345678", national="09012345678", kind=Kind.MOBILE)

    assert number == phone.parse(written, Medium.SMS)


@pytest.mark.spec("SMS-2")
@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("060-1234-5678", Kind.MOBILE),
        ("070-1234-5678", Kind.MOBILE),
        ("080-9234-5678", Kind.MOBILE),
        ("0900-123-4567-890", Kind.MOBILE),
        ("0800-123-4567-890", Kind.MOBILE),
        ("050-3659-6793", Kind.IP),
        ("03-1234-5678", Kind.FIXED),
        ("0467-12-3456", Kind.FIXED),
        ("+81 3 1234 5678", Kind.FIXED),
        ("81312345678", Kind.FIXED),
        ("0125-23-4567", Kind.FIXED),
        ("0992-34-5678", Kind.FIXED),
    ],
)
def test_a_number_that_reaches_a_person_has_its_kind(written: str, kind: Kind) -> None:
    number = phone.parse(written, Medium.PHONE)

    assert kind == number.kind
    assert number == phone.parse(number.e164)
    assert number == phone.parse(number.national)


@pytest.mark.spec("SMS-2")
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", Code.EMPTY),
        ("  -- ", Code.EMPTY),
        ("090-1234-567x", Code.CHARACTERS),
        ("090-1234-5678(母)", Code.CHARACTERS),
        ("090-1234-5678/080-1234-5678", Code.CHARACTERS),
        ("090①234⑤678", Code.CHARACTERS),
        ("٠٩٠١٢٣٤٥٦٧٨", Code.CHARACTERS),
        ("#7119", Code.CHARACTERS),
        ("+1 212 555 0100", Code.FOREIGN),
        ("001-82-2-312-3456", Code.FOREIGN),
        ("010-1-212-555-0100", Code.FOREIGN),
        ("+", Code.CHARACTERS),
        ("9012345678", Code.NO_ZERO),
        ("312345678", Code.NO_ZERO),
        ("0", Code.TOO_SHORT),
        ("090-1234-567", Code.TOO_SHORT),
        ("03-1234-567", Code.TOO_SHORT),
        ("+81", Code.TOO_SHORT),
        ("090-1234-56789", Code.TOO_LONG),
        ("03-1234-56789", Code.TOO_LONG),
        ("0900-123-4567-8901", Code.TOO_LONG),
        ("030-1234-5678", Code.UNASSIGNED),
        ("040-1234-5678", Code.UNASSIGNED),
        ("060-0123-4567", Code.UNASSIGNED),
        ("070-0123-4567", Code.UNASSIGNED),
        ("090-0123-4567", Code.UNASSIGNED),
        ("080-0123-4567", Code.NOT_A_PERSON),
        ("0120-123-456", Code.NOT_A_PERSON),
        ("0570-012-345", Code.NOT_A_PERSON),
        ("0990-512-345", Code.NOT_A_PERSON),
        ("020-1234-5678", Code.NOT_A_PERSON),
        ("0204-123-4567", Code.NOT_A_PERSON),
        ("0200-123-4567-890", Code.NOT_A_PERSON),
        ("110", Code.SPECIAL),
        ("119", Code.SPECIAL),
        ("171", Code.SPECIAL),
    ],
)
def test_a_number_that_reaches_nobody_is_refused_with_its_reason(written: str, code: Code) -> None:
    with pytest.raises(InvalidNumberError) as refused:
        phone.parse(written)

    assert code == refused.value.code


@pytest.mark.spec("SMS-2")
@pytest.mark.parametrize(
    ("written", "words"),
    [
        (
            "050-3659-6793",
            "IP電話（050）の番号はSMSを受信できません。携帯電話の番号を入力してください。",
        ),
        (
            "03-1234-5678",
            "固定電話の番号はSMSを受信できません。携帯電話の番号を入力してください。",
        ),
    ],
)
def test_a_number_that_takes_no_sms_is_refused_for_sms_only(written: str, words: str) -> None:
    assert phone.parse(written, Medium.PHONE) == phone.parse(written)
    with pytest.raises(InvalidNumberError) as refused:
        phone.parse(written, Medium.SMS)

    assert (Code.NO_SMS, words) == (refused.value.code, str(refused.value))


def test_every_reason_tells_people_what_to_do() -> None:
    assert set(Code) == set(phone.MESSAGES)
    assert all(words.endswith("してください。") for words in phone.MESSAGES.values())


@pytest.mark.parametrize("row", PLAN, ids=lambda row: f"{row.prefix}-{row.digits}")
def test_every_row_of_the_plan_can_be_met_and_names_its_source(row: NumberRange) -> None:
    national = (row.prefix + row.then[-1]).ljust(row.digits, "1")
    met = next(
        other
        for other in PLAN
        if national.startswith(other.prefix)
        and national[len(other.prefix)] in other.then
        and other.digits == len(national)
    )

    assert row == met
    assert row.source


@given(st.text() | st.text(st.sampled_from("+0123456789 -８１(")))
def test_any_text_is_read_or_refused_by_its_code(raw: str) -> None:
    try:
        number = phone.parse(raw)
    except InvalidNumberError:
        return

    assert number == phone.parse(number.e164)
    assert number.national.isdecimal()
