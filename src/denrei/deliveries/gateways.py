"""Gateways: from a row to a channel and back; what is secret is encrypted at rest.

Every kind of channel comes in by this door; nothing above knows one by name.
"""

from __future__ import annotations

import asyncio
import base64
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from denrei.channels import LATER, Channel, Check, Examinable, Secret
from denrei.channels.simulator import Simulator
from denrei.channels.smtp import Smtp

#: Every way to reach people that this version knows.
KINDS: dict[str, type[Channel]] = {
    kind.kind: cast("type[Channel]", kind) for kind in (Simulator, Smtp)
}


class GatewayError(Exception):
    """A gateway's settings can't be used; the message says why, in Japanese."""


def vault(keys: list[str]) -> MultiFernet:
    """Return what encrypts and decrypts settings: the first key encrypts, all decrypt."""
    return MultiFernet([_fernet(key) for key in keys])


def _fernet(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"denrei gateway settings")
    return Fernet(base64.urlsafe_b64encode(derived.derive(key.encode())))


def to_settings(channel: Channel, safe: MultiFernet) -> dict[str, Any]:
    """Return what the column `settings` holds: fields as JSON, secrets encrypted.

    Fields that the version before does not know are left out where they say nothing (ADR 0023).
    """
    told = [
        (field, getattr(channel, field.name)) for field in dataclasses.fields(cast("Any", channel))
    ]
    values = {
        field.name: value
        for field, value in told
        if field.metadata != LATER or value != field.default
    }
    return {
        name: safe.encrypt(value.reveal().encode()).decode() if isinstance(value, Secret) else value
        for name, value in values.items()
    }


def to_channel(kind: str, settings: Mapping[str, Any], safe: MultiFernet) -> Channel:
    """Return the channel of a row. GatewayError: unknown kind, wrong key, nonsense."""
    if kind not in KINDS:
        raise GatewayError(f"この版にない種類の送信経路です: {kind}")
    hints = get_type_hints(KINDS[kind])
    values = _revealed(settings, hints, safe)
    strange = [
        name for name, value in values.items() if name not in hints or not _fits(hints[name], value)
    ]
    if strange:
        raise GatewayError(f"送信経路の設定に、使えない項目か値があります: {'、'.join(strange)}")
    try:
        return KINDS[kind](**values)
    except TypeError as error:
        raise GatewayError(f"送信経路の設定に、足りない項目があります: {error}") from error
    except ValueError as error:
        raise GatewayError(f"送信経路の設定に誤りがあります: {error}") from error


def examine(channel: Channel) -> Sequence[Check]:
    """Test the connection of a channel step by step; () where it has no other side. Sends nothing.

    Holds the thread for some seconds for each step, until one fails.
    """
    return asyncio.run(channel.examine()) if isinstance(channel, Examinable) else ()


def _revealed(
    settings: Mapping[str, Any], hints: Mapping[str, Any], safe: MultiFernet
) -> dict[str, Any]:
    """Return settings with their secrets decrypted."""
    try:
        return {
            name: Secret(safe.decrypt(value).decode()) if hints.get(name) is Secret else value
            for name, value in settings.items()
        }
    except (InvalidToken, TypeError, ValueError) as error:
        raise GatewayError(
            "送信経路の秘密の値を復号できません。DENREI_SECRET_KEY が保存時と同じか確認してください。"
        ) from error


def _fits(hint: Any, value: object) -> bool:
    """Tell whether a value out of JSON is of a field's type."""
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if hint is float:
        return type(value) in (int, float)
    return type(value) is (get_origin(hint) or hint)
