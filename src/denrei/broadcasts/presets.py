"""The words that a new organization begins with; each may be changed afterwards (MSG-1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

from denrei.accounts import tenancy
from denrei.accounts.models import Organization
from denrei.broadcasts.models import (
    AnswerChoice,
    IncidentType,
    Instruction,
    Priority,
    Situation,
)

_Words = tuple[str, str]  # Japanese, English


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident type with what may be said under it."""

    words: _Words
    priority: Priority = Priority.EMERGENCY
    situations: tuple[_Words, ...] = ()
    instructions: tuple[_Words, ...] = ()


_ASK_SAFETY = ("安否を回答してください", "Please report whether you are safe")
INCIDENTS = (
    Incident(
        words=("地震発生", "Earthquake"),
        situations=(
            ("震度5弱以上を観測", "Intensity 5-lower or more was observed"),
            ("津波のおそれあり", "A tsunami may come"),
            ("被害を確認中", "Damage is being checked"),
        ),
        instructions=(
            _ASK_SAFETY,
            ("高台へ避難してください", "Go to higher ground"),
            ("所属へ参集してください", "Come to your post"),
            ("自宅で待機してください", "Wait at home"),
        ),
    ),
    Incident(
        words=("避難情報", "Evacuation"),
        priority=Priority.EVACUATION,
        situations=(
            ("高齢者等避難（警戒レベル3）を発令", "Level 3: the elderly evacuate"),
            ("避難指示（警戒レベル4）を発令", "Level 4: evacuate"),
            ("緊急安全確保（警戒レベル5）を発令", "Level 5: save your life now"),
        ),
        instructions=(
            ("ただちに避難してください", "Evacuate at once"),
            ("命を守る最善の行動をとってください", "Do what best saves your life"),
            _ASK_SAFETY,
        ),
    ),
    Incident(
        words=("不審者情報", "Suspicious person"),
        situations=(("不審者の目撃情報あり", "A suspicious person was seen"),),
        instructions=(
            ("複数人で下校させます", "Children go home in groups"),
            ("お迎えをお願いします", "Please collect your child"),
        ),
    ),
    Incident(
        words=("システム障害発生", "System failure"),
        situations=(("業務システムが停止", "Business systems are down"),),
        instructions=(("電話をください", "Please call"), ("待機してください", "Please stand by")),
    ),
    Incident(
        words=("お知らせ", "Notice"),
        priority=Priority.ROUTINE,
        situations=(("お知らせがあります", "There is news"),),
        instructions=(("内容を確認してください", "Please read this"),),
    ),
)
#: Words, English, and whether somebody must act.
ANSWERS = (
    ("無事です", "I am safe", False),
    ("けがをしています", "I am injured", True),
    ("支援が必要です", "I need help", True),
    ("家族の安否を確認中です", "I am checking on my family", False),
)


def furnish(organization: Organization) -> None:
    """Give a new organization its first incident types and answer choices, codes from 1."""
    with tenancy.acting_for(organization.id):
        for number, incident in enumerate(INCIDENTS, 1):
            _add_incident(organization, number, incident)
        AnswerChoice.objects.bulk_create(
            AnswerChoice(
                organization=organization,
                code=str(number),
                order=number,
                name=words,
                name_en=english,
                needs_help=needs_help,
            )
            for number, (words, english, needs_help) in enumerate(ANSWERS, 1)
        )


def _add_incident(organization: Organization, number: int, incident: Incident) -> None:
    created = IncidentType.objects.create(
        organization=organization,
        code=str(number),
        order=number,
        name=incident.words[0],
        name_en=incident.words[1],
        priority=incident.priority,
    )
    Situation.objects.bulk_create(
        Situation(incident_type=created, **words)
        for words in _numbered(organization, incident.situations)
    )
    Instruction.objects.bulk_create(
        Instruction(incident_type=created, **words)
        for words in _numbered(organization, incident.instructions)
    )


class _Numbered(TypedDict):
    organization: Organization
    code: str
    order: int
    name: str
    name_en: str


def _numbered(organization: Organization, phrases: tuple[_Words, ...]) -> Iterator[_Numbered]:
    for order, (words, english) in enumerate(phrases, 1):
        yield {
            "organization": organization,
            "code": str(order),
            "order": order,
            "name": words,
            "name_en": english,
        }
