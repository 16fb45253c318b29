"""The kinds of rows of a proof file, in their order, with the fields that a verifier needs.

A row may have more fields than these; docs/reference/proof-format.md describes them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from denrei.domain.proof.lines import Row

Types = tuple[type, ...]
#: Exactly these: to Python a bool is an int.
INT: Types = (int,)
TEXT: Types = (str,)
BOOL: Types = (bool,)
OBJECT: Types = (dict,)
LIST: Types = (list,)
_OR_NULL: Types = (type(None),)


class Kind(StrEnum):
    """What a line is about, in the order of the file."""

    #: What the file is: of which broadcast, when, by whom, and what was counted.
    HEAD = "head"
    #: One wave of the broadcast.
    WAVE = "wave"
    #: One person of the audience.
    PERSON = "person"
    #: The broadcast to one contact.
    DELIVERY = "delivery"
    #: Another person of a household whom a delivery reaches.
    COVER = "cover"
    #: One try; a leaf of the seals.
    ATTEMPT = "attempt"
    #: What was told later; a leaf of the seals.
    EVENT = "event"
    #: One answer.
    RESPONSE = "response"
    #: One look at an answer page.
    LOOK = "look"
    #: Nothing more for a person, or for a wave.
    HALT = "halt"
    #: A call for help, and who took care of it.
    HELP = "help"
    #: A leaf of somebody else: its commitment only.
    LEAF = "leaf"
    #: A link of the chain.
    SEAL = "seal"
    #: The signature over all that stands before.
    END = "end"


class Scope(StrEnum):
    """What a file holds."""

    #: Everybody and everything.
    BROADCAST = "broadcast"
    #: What concerns one person.
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a row of a kind must have."""

    #: Where it stands in the file.
    order: int
    fields: Mapping[str, Types]
    #: Checked where they are there: they were added later.
    later: Mapping[str, Types]


_LEAF: Mapping[str, Types] = {
    "at": TEXT,
    "provider_id": TEXT,
    "salt": TEXT,
    "xid": INT,
    "seal": INT + _OR_NULL,
}
_FIELDS: Mapping[Kind, Mapping[str, Types]] = {
    Kind.HEAD: {
        "format": TEXT,
        "version": INT,
        "scope": TEXT,
        "recipient": INT + _OR_NULL,
        "organization": TEXT,
        "broadcast": INT,
        "drill": BOOL,
        "launched_at": TEXT,
        "content": OBJECT,
        "sealed_before": INT,
        "exported_at": TEXT,
        "exported_by": TEXT,
        "people": OBJECT + _OR_NULL,
        "deliveries": OBJECT + _OR_NULL,
    },
    Kind.WAVE: {"wave": INT, "stage": INT, "people": INT, "planned": INT, "give_up_at": TEXT},
    Kind.PERSON: {"recipient": INT, "grade": INT},
    Kind.DELIVERY: {
        "delivery": INT,
        "recipient": INT,
        "wave": INT,
        "medium": INT,
        "state": INT,
        "rank": INT,
        "evidence": INT,
        "reason": INT,
        "tries": INT,
        "misses": INT,
        "doubts": INT,
        "shared": BOOL,
        "in_work": BOOL,
        "updated_at": TEXT,
    },
    Kind.COVER: {"delivery": INT, "recipient": INT},
    Kind.ATTEMPT: {
        "delivery": INT,
        "generation": INT,
        "kind": INT,
        "state": INT,
        "reason": INT,
        "phase": INT,
        "gateway": INT + _OR_NULL,
        "took_ms": INT + _OR_NULL,
        "reply": TEXT,
        **_LEAF,
    },
    Kind.EVENT: {
        "source": INT,
        "key": TEXT,
        "delivery": INT + _OR_NULL,
        "matched": INT + _OR_NULL,
        "rank": INT,
        "state": INT,
        "evidence": INT,
        "reason": INT,
        "raw": TEXT,
        "open": BOOL,
        "sealable": BOOL,
        **_LEAF,
    },
    Kind.RESPONSE: {
        "response": INT,
        "recipient": INT,
        "delivery": INT + _OR_NULL,
        "choice": TEXT,
        "words": TEXT,
        "needs_help": BOOL,
        "source": TEXT,
        "comment": TEXT,
        "late": BOOL,
        "actor": INT + _OR_NULL,
        "at": TEXT,
    },
    Kind.LOOK: {"look": INT, "delivery": INT},
    Kind.HALT: {"recipient": INT, "reason": INT, "actor": INT + _OR_NULL},
    Kind.HELP: {"recipient": INT, "response": INT},
    Kind.LEAF: {"seal": INT, "commitment": TEXT},
    Kind.SEAL: {"no": INT, "horizon": INT, "leaves": INT, "root": TEXT, "hash": TEXT},
    Kind.END: {"lines": INT, "sha256": TEXT, "key": TEXT, "signature": TEXT},
}
_LATER: Mapping[Kind, Mapping[str, Types]] = {
    Kind.PERSON: {"choice": TEXT, "needs_help": BOOL},
}
SHAPES: Mapping[str, Shape] = {
    kind.value: Shape(order=order, fields=_FIELDS[kind], later=_LATER.get(kind, {}))
    for order, kind in enumerate(Kind)
}


def fault(row: Row) -> str:
    """Return why a row is none of the format; "" where it is one."""
    shape = SHAPES.get(row["row"]) if isinstance(row.get("row"), str) else None
    if shape is None:
        return "知らない種類の行です"
    for name, types in shape.fields.items():
        if name not in row or type(row[name]) not in types:
            return f"項目 {name} がないか、正しくありません"
    for name, types in shape.later.items():
        if name in row and type(row[name]) not in types:
            return f"項目 {name} が正しくありません"
    return ""
