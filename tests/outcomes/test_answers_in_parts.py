"""What a reply says is all that it shows: every part and every line of it (MSG-8)."""

from __future__ import annotations

import pytest

from denrei.deliveries import links
from denrei.responses import answering
from tests.deliveries.world import World
from tests.outcomes.room import original, sent
from tests.outcomes.test_answers import given, reply, told

pytestmark = pytest.mark.usefixtures("committed")


def test_a_long_comment_is_cut_and_the_mail_stays(world: World) -> None:
    (delivery,) = sent(world)

    told(world, reply("1\n" + "あ" * 300, to=original(world, delivery)))

    ((_, comment, _),) = given(world)
    assert len(comment) == answering.COMMENT_CHARACTERS
    assert comment.endswith("…")


def test_the_subject_answers_where_the_text_says_nothing(world: World) -> None:
    (delivery,) = sent(world)

    told(world, reply("", to=original(world, delivery), subject="1"))

    assert given(world) == [("1", "", delivery)]


def parts(*bodies: tuple[str, str], to: str, kind: str = "mixed") -> bytes:
    """Return a mail of several parts, each with what its head says."""
    head = (
        f"From: p0@example.jp\r\nSubject: Re\r\nIn-Reply-To: {to}\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: multipart/{kind}; boundary=b\r\n\r\n"
    )
    told = "".join(f"--b\r\n{says}\r\n\r\n{body}\r\n" for says, body in bodies)
    return f"{head}{told}--b--\r\n".encode()


_TEXT = "Content-Type: text/plain; charset=utf-8"


_PAGE = "Content-Type: text/html; charset=utf-8"


_PHOTO = "Content-Type: image/jpeg\r\nContent-Disposition: inline; filename=a.jpg"


_FILE = (
    "Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: attachment; filename=memo.txt"
)


@pytest.mark.parametrize(
    ("bodies", "answers", "waits"),
    [
        ([(_TEXT, "1"), (_PHOTO, "x"), (_TEXT, "父が動けません。救急車を！")], [("1", "父が動けません。救急車を！")], True),
        ([(_TEXT, "1"), (_PHOTO, "x")], [("1", "")], True),
        ([(_PAGE, "<p>助けて。動けません</p>"), (_FILE, "1")], [], True),
        ([(_TEXT, "1"), (_PAGE, "<p>1</p>")], [("1", "")], False),
        ([(_TEXT, "1"), (_PAGE, "<p>3</p>")], [], True),
        ([(_PAGE, "<p>1</p><p>助けて</p>")], [("1", "助けて")], True),
        ([(_PAGE, "<div>1</div>")], [("1", "")], False),
        ([(_PAGE, "<s>無事です</s>")], [], True),
        ([(_PAGE, "<span style='text-decoration: line-through'>無事です</span>")], [], True),
    ],
)  # fmt: skip
@pytest.mark.spec("MSG-8")
def test_every_part_that_is_shown_is_read(
    world: World, bodies: list[tuple[str, str]], answers: list[tuple[str, str]], *, waits: bool
) -> None:
    (delivery,) = sent(world)

    one = told(world, parts(*bodies, to=original(world, delivery)))

    assert [(choice, comment) for choice, comment, _ in given(world)] == answers
    assert one.waits is waits


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("無事\nではありません", []),
        ("無事です\nと言いたいところですが", []),
        ("支援が必要です\n2階にいます", [("3", "2階にいます")]),
        ("1\nーーーーー\n母が倒れています", [("1", "母が倒れています")]),
    ],
)
@pytest.mark.spec("MSG-8")
def test_words_that_go_on_are_kept_only_where_they_call_for_help(
    world: World, text: str, answers: list[tuple[str, str]]
) -> None:
    (delivery,) = sent(world)

    one = told(world, reply(text, to=original(world, delivery)))

    assert [(choice, comment) for choice, comment, _ in given(world)] == answers
    assert one.waits


@pytest.mark.spec("MSG-8")
def test_what_we_sent_is_not_what_the_person_says(world: World) -> None:
    (delivery,) = sent(world)
    page = links.answer_url(world.organization.id, delivery)
    quoted = (
        "-----Original Message-----\nFrom: 防災課 <bousai@city.example>\nSubject: 地震発生\n\n"
        f"発生日時：11月22日（日）16時13分頃\n\n次のページを開き、回答してください（開いただけでは回答になりません）。\n{page}\n"
    )

    one = told(world, reply(f"1\n\n{quoted}", to=original(world, delivery)))

    assert (given(world), one.waits) == ([("1", "", delivery)], False)
