"""Settings: one value from one place, and nonsense is told with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from denrei.project.environment import Environment, SettingError


def test_a_variable_gives_its_value_and_an_empty_one_the_default() -> None:
    environment = Environment({"HERE": "value", "EMPTY": ""})

    assert ("value", "other", "other") == (
        environment.text("HERE", "other"),
        environment.text("EMPTY", "other"),
        environment.text("ABSENT", "other"),
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("secret\n", "secret", id="the line's end is not part of it"),
        pytest.param("秘密", "秘密", id="UTF-8"),
        pytest.param("\n", "default", id="an empty file is not set"),
    ],
)
def test_a_file_gives_the_value(content: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(content, encoding="utf-8")

    assert expected == Environment({"KEY_FILE": str(path)}).text("KEY", "default")


def test_a_value_and_a_file_at_once_are_refused(tmp_path: Path) -> None:
    environment = Environment({"KEY": "a", "KEY_FILE": str(tmp_path / "b")})

    with pytest.raises(SettingError, match="KEY と KEY_FILE はどちらか一方だけ"):
        environment.text("KEY")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00")

    for path in (tmp_path / "absent", tmp_path, binary):
        with pytest.raises(SettingError, match=rf"KEY_FILE のファイル {path} を読めません"):
            Environment({"KEY_FILE": str(path)}).text("KEY")


@pytest.mark.parametrize("value", ["1", "42", "100", "007"])
def test_a_whole_number_within_bounds_is_taken(value: str) -> None:
    assert int(value) == Environment({"N": value}).number("N", 5, least=1, most=100)


@pytest.mark.parametrize(
    "value", ["0", "101", "-1", "1.5", "1e3", "１０", "²", "0x10", "ten", " ", "9" * 5000]
)
def test_another_number_is_refused_with_its_bounds(value: str) -> None:
    with pytest.raises(SettingError, match="N には 1 から 100 までの整数を設定してください"):
        Environment({"N": value}).number("N", 5, least=1, most=100)


def test_a_number_that_is_not_set_is_the_default() -> None:
    assert 5 == Environment({"N": ""}).number("N", 5)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("a,b", ["a", "b"], id="two"),
        pytest.param(" a , b ,", ["a", "b"], id="spaces and a comma too many"),
        pytest.param(",", [], id="nothing"),
    ],
)
def test_a_list_is_separated_by_commas(value: str, expected: list[str]) -> None:
    assert expected == Environment({"L": value}).words("L")


def test_a_choice_is_one_of_those_named() -> None:
    choices = ("app", "worker")

    assert "app" == Environment({}).one_of("ROLE", choices)
    assert "worker" == Environment({"ROLE": "worker"}).one_of("ROLE", choices)
    with pytest.raises(SettingError, match=r"ROLE には app、worker のいずれか.*今の値: root"):
        Environment({"ROLE": "root"}).one_of("ROLE", choices)
