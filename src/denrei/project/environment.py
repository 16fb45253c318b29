"""Settings come from the environment: typed, with `NAME_FILE` for secrets, loud on nonsense."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

#: More are nonsense, and Python refuses to read thousands of them.
_DIGITS = 20


class SettingError(Exception):
    """A setting can't be used; the message says which and what to write instead, in Japanese."""


class Environment:
    """Reads settings from a mapping of environment variables; "" counts as not set."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self._variables = variables

    def text(self, name: str, default: str = "") -> str:
        """Return NAME, or the content of the file that NAME_FILE names, or the default."""
        value, path = self._variables.get(name, ""), self._variables.get(f"{name}_FILE", "")
        if value and path:
            raise SettingError(f"{name} と {name}_FILE はどちらか一方だけを設定してください。")
        if not path:
            return value or default
        try:
            return Path(path).read_text(encoding="utf-8").strip() or default
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{name}_FILE のファイル {path} を読めません: {error}") from error

    def number(self, name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
        """Return NAME as a whole number within bounds."""
        value = self.text(name, str(default))
        is_whole = value.isascii() and value.isdecimal() and len(value) < _DIGITS
        if not is_whole or not least <= int(value) <= most:
            raise SettingError(
                f"{name} には {least} から {most} までの整数を設定してください（今の値: {value}）。"
            )
        return int(value)

    def words(self, name: str, default: str = "") -> list[str]:
        """Return NAME as a list, separated by commas."""
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        """Return NAME where it is one of the choices; the first one is the default."""
        value = self.text(name, choices[0])
        if value not in choices:
            raise SettingError(
                f"{name} には {'、'.join(choices)} のいずれかを設定してください（今の値: {value}）。"
            )
        return value
