"""Where a worker takes mail in: the setting DENREI_MAIL_LISTEN."""

from __future__ import annotations

from denrei.project.environment import Environment, SettingError

NAME = "DENREI_MAIL_LISTEN"
_WAYS = ("lmtp", "smtp")


def read(environment: Environment) -> list[tuple[str, str, int]]:
    """Return (way, host, port) of each address, none where nothing is set. SettingError."""
    return [_address(word) for word in environment.words(NAME)]


def _address(word: str) -> tuple[str, str, int]:
    way, _, place = word.partition(":")
    host, _, port = place.rpartition(":")
    is_port = port.isascii() and port.isdecimal() and len(port) < 6 and 0 < int(port) < 65536
    if way not in _WAYS or not host or not is_port:
        raise SettingError(
            f"{NAME} には lmtp:127.0.0.1:8024 のように、方式（lmtp か smtp）、アドレス、ポートを"
            f"設定してください。いくつかあるときは , で区切ります（今の値: {word}）。"
        )
    return way, host.strip("[]"), int(port)
