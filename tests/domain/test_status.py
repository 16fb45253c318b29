"""One status for each delivery."""

from __future__ import annotations

import itertools

import pytest

from denrei.domain import status
from denrei.domain.failures import Reason
from denrei.domain.states import Medium, State
from denrei.domain.status import Position, Status, possible

MAIL, SMS, PHONE, APP = Medium.MAIL, Medium.SMS, Medium.PHONE, Medium.APP
SMS_NAMES = {
    "送信待ち", "配信中", "失敗再送", "送達", "配信失敗", "状態不明", "連絡キャンセル", "配信停止",
}  # fmt: skip
OTHER_NAMES = {
    "送信待ち",
    "連絡中",
    "連絡済(正常終了)",
    "連絡済(話中終了)",
    "連絡済(応答なし)",
    "連絡済(アドレスエラー)",
    "連絡済(着信拒否)",
    "連絡済(番号間違い)",
    "連絡キャンセル",
    "エラーアドレス",
    "回線エラー",
    "連絡済(該当端末無し)",
    "トークンエラー",
    "その他のエラー",
}


def every_position(medium: Medium) -> list[Position]:
    """Return each combination of what the ledger may know."""
    return [
        Position(state=state, medium=medium, reason=reason, tries=tries, claimed=claimed)
        for state, reason, tries, claimed in itertools.product(
            State, Reason, (0, 1, 3), (False, True)
        )
    ]


@pytest.mark.spec("EMC-1", "SMS-9")
def test_the_names_are_those_of_the_two_lists() -> None:
    assert set(Status) == SMS_NAMES | OTHER_NAMES


@pytest.mark.spec("EMC-1")
@pytest.mark.parametrize("medium", [MAIL, PHONE, APP])
def test_every_delivery_by_mail_phone_or_app_has_one_status_of_its_list(medium: Medium) -> None:
    shown = {status.status_of(position) for position in every_position(medium)}

    assert shown <= OTHER_NAMES


@pytest.mark.spec("EMC-1", "SMS-9")
def test_every_sms_has_one_status_of_its_own_list() -> None:
    assert {status.status_of(position) for position in every_position(SMS)} == SMS_NAMES


@pytest.mark.spec("EMC-1")
def test_every_status_is_reached_by_some_delivery() -> None:
    shown = {status.status_of(p) for medium in Medium for p in every_position(medium)}

    assert set(Status) == shown


@pytest.mark.spec("EMC-1", "SMS-7", "SMS-9")
@pytest.mark.parametrize(
    ("state", "medium", "reason", "tries", "claimed", "shown"),
    [
        (State.WAITING, MAIL, Reason.NONE, 0, False, "送信待ち"),
        (State.WAITING, SMS, Reason.NONE, 0, False, "送信待ち"),
        (State.WAITING, PHONE, Reason.NONE, 0, False, "送信待ち"),
        (State.WAITING, APP, Reason.NONE, 0, False, "送信待ち"),
        (State.WAITING, PHONE, Reason.NUMBER_IN_USE, 0, False, "送信待ち"),
        (State.WAITING, PHONE, Reason.NUMBER_IN_USE, 1, False, "送信待ち"),
        (State.WAITING, PHONE, Reason.BUSY, 1, False, "連絡済(話中終了)"),
        (State.WAITING, PHONE, Reason.OUT_OF_RANGE, 1, False, "連絡済(話中終了)"),
        (State.WAITING, PHONE, Reason.NO_ANSWER, 2, False, "連絡済(応答なし)"),
        (State.WAITING, PHONE, Reason.LINE, 1, False, "回線エラー"),
        (State.WAITING, SMS, Reason.OUT_OF_RANGE, 1, False, "失敗再送"),
        (State.WAITING, MAIL, Reason.TEMPORARY, 1, False, "連絡中"),
        (State.WAITING, MAIL, Reason.CONNECTION, 0, False, "連絡中"),
        (State.WAITING, APP, Reason.THROTTLED, 1, False, "連絡中"),
        (State.WAITING, MAIL, Reason.TEMPORARY, 1, True, "連絡中"),
        (State.WAITING, PHONE, Reason.BUSY, 1, True, "連絡中"),
        (State.WAITING, APP, Reason.NONE, 0, True, "連絡中"),
        (State.WAITING, SMS, Reason.OUT_OF_RANGE, 1, True, "配信中"),
        (State.ACCEPTED, MAIL, Reason.NONE, 1, False, "連絡済(正常終了)"),
        (State.ACCEPTED, SMS, Reason.NONE, 1, False, "配信中"),
        (State.DELIVERED, PHONE, Reason.NONE, 1, False, "連絡済(正常終了)"),
        (State.DELIVERED, SMS, Reason.NONE, 1, False, "送達"),
        (State.BOUNCED, MAIL, Reason.UNKNOWN_USER, 1, False, "連絡済(アドレスエラー)"),
        (State.BOUNCED, MAIL, Reason.FILTERED, 1, False, "連絡済(アドレスエラー)"),
        (State.BOUNCED, MAIL, Reason.MAILBOX_FULL, 1, False, "その他のエラー"),
        (State.BOUNCED, MAIL, Reason.TOO_LARGE, 1, False, "その他のエラー"),
        (State.BOUNCED, MAIL, Reason.CONTENT, 1, False, "その他のエラー"),
        (State.BOUNCED, MAIL, Reason.POLICY, 1, False, "その他のエラー"),
        (State.FAILED, MAIL, Reason.UNKNOWN_HOST, 1, False, "連絡済(アドレスエラー)"),
        (State.FAILED, PHONE, Reason.REJECTED, 1, False, "連絡済(着信拒否)"),
        (State.FAILED, PHONE, Reason.BAD_NUMBER, 0, False, "連絡済(番号間違い)"),
        (State.FAILED, PHONE, Reason.LINE, 1, False, "回線エラー"),
        (State.FAILED, APP, Reason.UNREGISTERED, 1, False, "連絡済(該当端末無し)"),
        (State.FAILED, APP, Reason.BAD_TOKEN, 1, False, "トークンエラー"),
        (State.FAILED, APP, Reason.OTHER, 1, False, "その他のエラー"),
        (State.FAILED, SMS, Reason.HANDSET, 1, False, "配信失敗"),
        (State.EXHAUSTED, PHONE, Reason.BUSY, 3, False, "連絡済(話中終了)"),
        (State.EXHAUSTED, PHONE, Reason.NO_ANSWER, 3, False, "連絡済(応答なし)"),
        (State.EXHAUSTED, PHONE, Reason.LINE, 3, False, "回線エラー"),
        (State.EXHAUSTED, MAIL, Reason.MAILBOX_FULL, 8, False, "その他のエラー"),
        (State.EXHAUSTED, APP, Reason.TEMPORARY, 5, False, "その他のエラー"),
        (State.EXHAUSTED, SMS, Reason.OUT_OF_RANGE, 3, False, "配信失敗"),
        (State.UNKNOWN, SMS, Reason.NO_RECEIPT, 1, False, "状態不明"),
        (State.UNKNOWN, PHONE, Reason.IN_DOUBT, 1, False, "その他のエラー"),
        (State.EXPIRED, MAIL, Reason.GIVEN_UP, 2, False, "その他のエラー"),
        (State.EXPIRED, SMS, Reason.GIVEN_UP, 2, False, "配信失敗"),
        (State.CANCELLED, PHONE, Reason.ANSWERED_ELSEWHERE, 1, False, "連絡キャンセル"),
        (State.CANCELLED, SMS, Reason.STOPPED, 0, False, "連絡キャンセル"),
        (State.SUPPRESSED, MAIL, Reason.KNOWN_BAD, 0, False, "エラーアドレス"),
        (State.SUPPRESSED, SMS, Reason.OPTED_OUT, 0, False, "配信停止"),
    ],
)
def test_the_table_from_state_to_status(
    state: State, medium: Medium, reason: Reason, tries: int, claimed: bool, shown: str
) -> None:
    position = Position(state=state, medium=medium, reason=reason, tries=tries, claimed=claimed)

    assert shown == status.status_of(position)


@pytest.mark.spec("EMC-7")
def test_six_statuses_ask_an_operator_to_act() -> None:
    names = {
        "連絡済(アドレスエラー)", "エラーアドレス", "連絡済(着信拒否)",
        "連絡済(番号間違い)", "連絡済(該当端末無し)", "トークンエラー",
    }  # fmt: skip

    assert names == status.ACTION_NEEDED


@pytest.mark.spec("EMC-1")
def test_each_medium_has_statuses_that_it_can_never_have() -> None:
    by_mail, by_phone = possible(Medium.MAIL), possible(Medium.PHONE)

    assert {Status.BUSY, Status.NO_ANSWER, Status.CALL_REJECTED} <= by_phone - by_mail
    assert {Status.ADDRESS_ERROR} <= by_mail - by_phone
    assert {Status.WAITING, Status.DONE, Status.CANCELLED} <= by_mail & by_phone
    assert set(Status) == by_mail | by_phone | possible(Medium.SMS) | possible(Medium.APP)
