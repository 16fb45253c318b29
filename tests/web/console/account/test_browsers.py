"""Browsers in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from denrei.web.console.account.browsers import in_words


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                " Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
            ),
            "Windows の Edge",
        ),
        (
            (
                "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko)"
                " Chrome/140.0.0.0 Mobile Safari/537.36"
            ),
            "Android の Chrome",
        ),
        (
            (
                "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                " CriOS/140.0 Mobile/15E148 Safari/604.1"
            ),
            "iPad の Chrome",
        ),
        (
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"
                " (KHTML, like Gecko) Version/18.0 Safari/605.1.15"
            ),
            "Mac の Safari",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Linux の Firefox",
        ),
        ("curl/8.0 (Windows)", "Windows"),
        ("", "不明なブラウザー"),
    ],
)
def test_a_person_recognizes_his_browser(user_agent: str, words: str) -> None:
    assert words == in_words(user_agent)


@given(st.text())
def test_every_browser_has_words(user_agent: str) -> None:
    assert in_words(user_agent)
