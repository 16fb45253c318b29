"""The answer page by HTTP: looking confirms nothing, a tap answers, nothing else is needed."""

from __future__ import annotations

import html
import json
import re
from dataclasses import asdict
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from denrei.accounts import tenancy
from denrei.broadcasts import sequels
from denrei.broadcasts.content import Phrase
from denrei.deliveries import cancel, links
from denrei.domain.states import Grade
from denrei.project.demo import answerpage
from denrei.responses.models import Kind, PageView, Response
from tests.responses.sent import Sent, send

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    """Return a page without its tags, on one line."""
    bare = re.sub(
        r"<svg.*?</svg>|<title>.*?</title>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL
    )
    return " ".join(html.unescape(bare).split())


def answers(sent: Sent) -> list[tuple[int, str, str, str]]:
    """Return (place of the person, choice, source, comment) of every answer."""
    with tenancy.acting_for(sent.organization.pk):
        kept = Response.objects.order_by("id")
        return [
            (sent.people.index(one.recipient_id), one.choice, one.source, one.comment)
            for one in kept
        ]


def looks(sent: Sent) -> list[str]:
    """Return the kind of each look at a page."""
    with tenancy.acting_for(sent.organization.pk):
        return list(PageView.objects.order_by("id").values_list("kind", flat=True))


def answer(client: Client, sent: Sent, place: int = 0, **fields: str) -> Any:
    """Send the form of one person."""
    given = {"person": str(sent.people[place]), "choice": "1", **fields}
    return client.post(sent.path(), given)


def test_messages_carry_the_address_of_this_page() -> None:
    sent = send()

    url = links.answer_url(sent.organization.pk, sent.deliveries[0])

    assert url.endswith(reverse("portal:answer", args=[sent.token()]))


@pytest.mark.spec("MSG-8")
def test_the_page_shows_the_message_and_asks(client: Client) -> None:
    response = client.get(send().path())

    shown = text(response)
    for words in (
        "伝令市 防災危機管理課",
        "この連絡に回答してください",
        "山田 花子 さん",
        "地震発生",
        "日時 11月21日（土）16時13分頃",
        "場所 伝令市全域",
        "状況 震度5弱以上を観測 市内で停電が発生しています。津波の心配はありません。",
        "指示 安否を回答してください 参集できる方は、所属へ向かってください。",
        "発信者 防災危機管理課",
        "無事です",
        "支援が必要です",
        "1つ押すと、すぐに回答します",
    ):
        assert words in shown
    assert (response.status_code, "訓練" in shown) == (200, False)


@pytest.mark.spec("NEW-3")
@pytest.mark.parametrize(
    ("method", "headers", "kind"),
    [
        pytest.param("get", {}, Kind.OPEN, id="GET"),
        pytest.param("head", {}, Kind.HEAD, id="HEAD"),
        pytest.param("get", {"Sec-Purpose": "prefetch;prerender"}, Kind.PREFETCH, id="browser"),
        pytest.param("get", {"Purpose": "prefetch"}, Kind.PREFETCH, id="older browser"),
        pytest.param("get", {"X-Purpose": "preview"}, Kind.PREFETCH, id="Safari"),
        pytest.param("get", {"X-Moz": "prefetch"}, Kind.PREFETCH, id="older Firefox"),
    ],
)
def test_a_look_confirms_nothing_and_is_noted(
    client: Client, method: str, headers: dict[str, str], kind: Kind
) -> None:
    sent = send()

    response = getattr(client, method)(sent.path(), headers=headers)

    assert (response.status_code, looks(sent)) == (200, [kind])
    assert (answers(sent), sent.halted(), sent.grades()) == ([], [], [Grade.UNREACHED])


@pytest.mark.spec("NEW-3")
def test_head_answers_without_a_body(client: Client) -> None:
    response = client.head(send().path())

    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.spec("MSG-8", "EMC-5")
def test_an_answer_leads_to_the_thanks(client: Client) -> None:
    sent = send()

    response = answer(client, sent, source="family", comment="避難所にいます")

    assert response.status_code == 303
    assert response.headers["Location"] == f"{sent.path()}?done={sent.people[0]}"
    assert answers(sent) == [(0, "1", "family", "避難所にいます")]
    assert sent.halted() == list(sent.people)
    shown = text(client.get(response.headers["Location"]))
    for words in (
        "回答を受け付けました",
        "回答 無事です",
        "回答者 家族",
        "ひとこと 避難所にいます",
    ):
        assert words in shown


@pytest.mark.spec("MSG-8")
def test_each_answer_is_a_button_that_answers_by_itself(client: Client) -> None:
    sent = send()
    body = client.get(sent.path()).content.decode()

    buttons = re.findall(r'<button type="submit" class="pick[^>]*name="choice" value="(\w+)"', body)
    client.post(sent.path(), {"choice": buttons[1]})

    assert buttons == ["1", "2", "3"]
    assert answers(sent) == [(0, "2", "self", "")]


@pytest.mark.spec("MSG-8")
def test_enter_in_a_field_presses_no_answer(client: Client) -> None:
    body = client.get(send().path()).content.decode()

    first = re.search(r"<form.*?(<button[^>]*>)", body, flags=re.DOTALL)

    assert first is not None
    assert first[1] == '<button type="submit" disabled hidden>'


@pytest.mark.spec("SCH-5")
def test_one_button_confirms_where_nothing_is_asked(client: Client) -> None:
    sent = send(choices=())
    page = client.get(sent.path())
    (form,) = answerpage.read(page.content.decode())

    response = client.post(sent.path(), dict(form.filled(form.values[0])), follow=True)

    assert "確認しました" in text(page)
    assert "確認を受け付けました" in text(response)
    assert (answers(sent), sent.grades()) == ([(0, "", "self", "")], [Grade.READ])


@pytest.mark.spec("NEW-4", "MSG-8")
def test_an_answer_can_be_changed_and_the_page_says_what_it_was(client: Client) -> None:
    sent = send()

    answer(client, sent, choice="1")
    answer(client, sent, choice="2")

    assert [choice for _, choice, _, _ in answers(sent)] == ["1", "2"]
    shown = text(client.get(sent.path()))
    assert "前回の回答： 外出しています" in shown
    assert "無事です 外出しています 前回の回答 支援が必要です" in shown


@pytest.mark.spec("NEW-4")
def test_who_is_well_can_call_for_help_by_one_tap(client: Client) -> None:
    sent = send()
    thanks = client.post(
        sent.path(), {"choice": "1", "source": "proxy", "person": sent.people[0]}, follow=True
    )
    (form,) = re.findall(r"<form.*?</form>", thanks.content.decode(), flags=re.DOTALL)

    assert "「支援が必要です」に変更する" in form
    fields = dict(re.findall(r'name="(\w+)" value="(\w+)"', form))
    helped = client.post(sent.path(), fields, follow=True)

    assert answers(sent)[1:] == [(0, "3", "proxy", "")]
    assert "に変更する" not in text(helped)


@pytest.mark.spec("EMC-5", "NEW-4")
def test_answers_after_a_stop_are_taken(client: Client) -> None:
    sent = send()
    cancel.stop(sent.organization.pk, sent.broadcast_id)

    page = client.get(sent.path())

    assert "受付期間は終わりました" in text(page)
    assert answer(client, sent).status_code == 303
    assert answers(sent) == [(0, "1", "self", "")]


@pytest.mark.spec("NEW-5")
def test_a_shared_address_has_a_form_for_each_person(client: Client) -> None:
    sent = send("山田 花子", "山田 太郎", shared=True)

    forms = answerpage.read(client.get(sent.path()).content.decode())
    thanks = client.post(sent.path(), dict(forms[1].filled("1")), follow=True)

    assert [form.person for form in forms] == [str(person) for person in sent.people]
    assert (answers(sent), sent.halted()) == ([(1, "1", "self", "")], [sent.people[1]])
    assert "氏名 山田 太郎さん" in text(thanks)
    assert "山田 花子さんの回答へ進む" in text(thanks)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        pytest.param({"choice": ""}, "回答が選ばれていません。", id="no choice"),
        pytest.param({"choice": "9"}, "この連絡にない回答でした。", id="unknown choice"),
        pytest.param({"source": "visit"}, "「回答する方」を選び直して", id="operators' source"),
        pytest.param({"source": "x"}, "「回答する方」を選び直して", id="unknown source"),
        pytest.param({"comment": "あ" * 103}, "ひとことが103文字あります。", id="long comment"),
        pytest.param({"person": "0"}, "宛先にない方の回答でした。", id="stranger"),
        pytest.param({"person": "9" * 5000}, "宛先にない方の回答でした。", id="no number"),
    ],
)
def test_bad_input_is_said_and_nothing_is_kept(
    client: Client, fields: dict[str, str], complaint: str
) -> None:
    sent = send()

    response = client.post(sent.path(), {"choice": "1", **fields})

    assert response.status_code == 422
    assert complaint in text(response)
    assert "まだ回答できていません" in text(response)
    assert (answers(sent), sent.halted()) == ([], [])


def test_what_was_typed_is_kept_for_the_person_who_typed_it(client: Client) -> None:
    sent = send("山田 花子", "山田 太郎", shared=True)
    long = "<b>" + "あ" * 100

    response = answer(client, sent, 1, choice="2", source="proxy", comment=long)

    body = response.content.decode()
    first, second = (body.index(f'id="p-{person}"') for person in sent.people)
    assert "&lt;b&gt;" not in body[first:second]
    assert html.escape(long) in body[second:]
    assert re.findall(r'value="(\w+)"[^>]* checked', body) == ["self", "proxy"]
    assert body.count("<details open>") == 1
    assert re.findall(r'value="(\w+)">\s*<span>[^<]+<span class="mark">([^<]+)', body) == [
        ("2", "押した回答")
    ]


@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
def test_what_is_no_form_is_refused(client: Client, content_type: str) -> None:
    sent = send()

    response = client.post(sent.path(), b'{"choice": "1"}', content_type=content_type)

    assert (response.status_code, answers(sent)) == (415, [])


@pytest.mark.spec("ALL-6")
@pytest.mark.parametrize(
    ("language", "asked", "expected"),
    [
        pytest.param("ja", "", "ja", id="Japanese"),
        pytest.param("en", "", "en", id="the person's"),
        pytest.param("ja", "?lang=en", "en", id="switched to English"),
        pytest.param("en", "?lang=ja", "ja", id="switched to Japanese"),
        pytest.param("en", "?lang=xx", "en", id="no such language"),
    ],
)
def test_the_page_speaks_the_persons_language_or_the_one_asked_for(
    client: Client, language: str, asked: str, expected: str
) -> None:
    response = client.get(send(language=language).path() + asked)

    words = {"ja": "1つ押すと、すぐに回答します", "en": "One press answers at once"}
    assert words[expected] in text(response)
    assert f'<html lang="{expected}">' in response.content.decode()
    assert response.headers["Content-Language"] == expected


@pytest.mark.spec("ALL-6")
def test_the_language_asked_for_stays_until_the_thanks(client: Client) -> None:
    sent = send()
    body = client.get(sent.path() + "?lang=en").content.decode()
    (form,) = answerpage.read(body)

    thanks = client.post(form.action, dict(form.filled("1")), follow=True)

    assert "We received your answer" in text(thanks)
    assert "Answer I am safe" in text(thanks)


@pytest.mark.spec("ALL-8")
@pytest.mark.parametrize(
    ("asked", "mark"), [("", "訓練 これは訓練です。"), ("?lang=en", "DRILL This is")]
)
def test_a_drill_is_marked_on_every_page(client: Client, asked: str, mark: str) -> None:
    sent = send(drill=True)

    question = client.get(sent.path() + asked)
    wrong = client.post(sent.path() + asked, {})
    thanks = client.post(sent.path() + asked, {"choice": "1"}, follow=True)

    assert [mark in text(page) for page in (question, wrong, thanks)] == [True] * 3


@pytest.mark.spec("NEW-3")
def test_no_cookie_and_no_script(client: Client) -> None:
    sent = send()

    pages = [client.get(sent.path()), answer(client, sent), client.get(sent.path())]

    assert [page.cookies.output() for page in pages] == ["", "", ""]
    assert not [page for page in pages if b"<script" in page.content or b" style=" in page.content]


@pytest.mark.spec("ALL-5")
def test_a_page_shows_nobody_of_another_organization(client: Client) -> None:
    north, south = send("北 一郎"), send("南 花子")

    answer(client, north)

    assert "南 花子" not in text(client.get(north.path()))
    assert (answers(south), looks(south)) == ([], [])


def follow(sent: Sent, key: str, sequel: str) -> None:
    """Send what corrects or withdraws the latest broadcast."""
    incident = Phrase(ja="地震発生", en="Earthquake")
    sent.ask(
        "INSERT INTO broadcast (organization_id, idempotency_key, request_sha256, content, priority, give_up_at, corrects_id)"
        " SELECT organization_id, %s, '', jsonb_set(content, '{incident}', %s), priority, give_up_at, id FROM broadcast"
        " ORDER BY id DESC LIMIT 1",
        key,
        json.dumps(asdict(sequels.marked(incident, sequel))),
    )


@pytest.mark.spec("NEW-13")
@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("ja", "この連絡の後に「【取消】地震発生」を送信しました。"),
        ("en", "A later message followed this one: “[Withdrawn] Earthquake”."),
    ],
)
def test_a_page_says_that_its_message_was_withdrawn(
    client: Client, language: str, says: str
) -> None:
    sent = send(language=language)
    before = text(client.get(sent.path()))
    follow(sent, "later", "withdrawal")

    asked = text(client.get(sent.path()))
    thanked = text(client.get(answer(client, sent)["Location"]))

    assert [False, True, True] == [says in page for page in (before, asked, thanked)]


@pytest.mark.spec("NEW-13")
def test_of_several_that_follow_each_other_a_page_names_the_last(client: Client) -> None:
    sent = send()
    follow(sent, "later", "correction")
    follow(sent, "last", "release")

    assert "「【解除】地震発生」" in text(client.get(sent.path()))
