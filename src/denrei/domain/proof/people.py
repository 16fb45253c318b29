"""People: the first equation, and each person's grade by the evidence that is in the file."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict

from denrei.domain.conservation import People
from denrei.domain.proof.facts import Delivery, Gathered, Person
from denrei.domain.proof.findings import Faults, Finding, counts, judged
from denrei.domain.states import Evidence, Grade

_LABELS = {
    Grade.ANSWERED: "回答",
    Grade.READ: "閲覧",
    Grade.DEVICE: "端末到達",
    Grade.HANDED_OVER: "引渡し",
    Grade.UNREACHED: "未到達",
    Grade.NO_CONTACT: "連絡先なし",
}
#: `denrei.deliveries.stages.Stage.PREPARING`: slices are still to come.
_PREPARING = 0


def equation(found: Gathered) -> Finding:
    """Return whether the people of the file are those that the counters told."""
    grades = Counter(person.grade for person in found.people.values())
    total = sum(wave.people for wave in found.waves.values())
    # A file of a large launch that was still being prepared: some were named with the press and have no row yet (ADR 0024).
    unwritten = max(0, total - len(found.people)) if _is_preparing(found) else 0
    grades[Grade.UNREACHED] += unwritten
    counted = People.counted(total, {grade: grades[grade] for grade in Grade})
    faults = Faults()
    if found.head["people"] != asdict(counted):
        faults.add(1, "見出しの数と、行から数え直した数が違います")
    if len(found.people) + unwritten != total or not counted.holds:
        faults.add(0, f"対象{total:,}人に対し、行は{len(found.people):,}人分あります")
    return judged(
        "people",
        faults,
        f"人の式：{counted.equation()}。行から数え直した数と一致します。",
        f"人の式：行から数え直すと {counted.equation()} となり、一致しません。",
    )


def _is_preparing(found: Gathered) -> bool:
    return any(wave.stage == _PREPARING for wave in found.waves.values())


def grades(found: Gathered) -> Finding:
    """Return whether each person's grade is what deliveries and answers prove."""
    for delivery in found.deliveries.values():
        _reaches(found, delivery)
    preparing = _is_preparing(found)
    faults = Faults()
    for recipient, person in found.people.items():
        if person.grade not in _allowed(person, preparing):
            said = _LABELS.get(person.grade, "その証拠の段階")  # type: ignore[call-overload] # an int of the file
            faults.add(person.line, f"対象の人{recipient}が「{said}」である証拠が合いません")
    held = Counter(person.grade for person in found.people.values())
    told = counts([(words, held[grade]) for grade, words in _LABELS.items()], "人")
    return judged(
        "grades",
        faults,
        f"証拠の段階：{told}は、配信と回答から求めたものと一致します。",
        "証拠の段階：配信と回答から求めたものと合わない人がいます。",
    )


def _reaches(found: Gathered, delivery: Delivery) -> None:
    """Let a delivery's evidence count for those whom it reaches; shared, it is a look at most."""
    most = min(delivery.evidence, Evidence.READ) if delivery.shared else delivery.evidence
    others = min(delivery.evidence, Evidence.READ)
    for recipient, evidence in [
        (delivery.recipient, most),
        *((other, others) for other in delivery.others),
    ]:
        person = found.people.get(recipient)
        if person:
            person.implied = max(person.implied, evidence)
            person.first_wave = min(person.first_wave or delivery.wave, delivery.wave)
        elif not found.is_one_person:
            found.form.add(delivery.line, f"配信が届く人{recipient}が対象にいません")


def _allowed(person: Person, preparing: bool) -> tuple[int, ...]:
    if person.implied:
        return (person.implied,)
    if person.first_wave == 1:
        return (Grade.UNREACHED,)
    if person.first_wave or preparing:
        # without a contact in the first wave; or not looked at yet
        return (Grade.UNREACHED, Grade.NO_CONTACT)
    return (Grade.NO_CONTACT,)
