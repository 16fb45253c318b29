"""Deliveries: the second equation, and for each final state what it rests upon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict

from denrei.domain.conservation import Deliveries
from denrei.domain.failures import Reason
from denrei.domain.folding import MEANINGS, OURS
from denrei.domain.proof.facts import Attempt, Delivery, Gathered
from denrei.domain.proof.findings import Faults, Finding, counts, judged
from denrei.domain.states import HUMAN, Phase, State

_LABELS: Mapping[State, str] = {
    State.WAITING: "送信待ち",
    State.ACCEPTED: "引渡し",
    State.DELIVERED: "到達",
    State.BOUNCED: "不達",
    State.FAILED: "失敗",
    State.EXHAUSTED: "再送終了",
    State.EXPIRED: "期限切れ",
    State.UNKNOWN: "不明",
    State.SUPPRESSED: "抑止",
    State.CANCELLED: "取消",
}
#: `attempt.kind`: told by the reaper, not by the wire.
_BY_REAPER = 1
#: `denrei.deliveries.stages.Stage.FINISHED`.
_FINISHED = 2


def equation(found: Gathered) -> Finding:
    """Return whether the deliveries of the file are those that the counters told."""
    states = Counter(delivery.state for delivery in found.deliveries.values())
    in_work = sum(delivery.in_work for delivery in found.deliveries.values())
    planned = sum(wave.planned for wave in found.waves.values())
    counted = Deliveries.counted(planned, {state: states[state] for state in State}, in_work)
    faults = Faults()
    if found.head["deliveries"] != asdict(counted):
        faults.add(1, "見出しの数と、行から数え直した数が違います")
    if len(found.deliveries) != planned or not counted.holds:
        faults.add(0, f"全配信{planned:,}件に対し、行は{len(found.deliveries):,}件あります")
    if found.waves and all(wave.stage == _FINISHED for wave in found.waves.values()):
        faults.count += states[State.WAITING]
    return judged(
        "deliveries",
        faults,
        f"配信の式：{counted.equation()}。行から数え直した数と一致します。",
        f"配信の式：行から数え直すと {counted.equation()} となり、一致しません。",
    )


def support(found: Gathered) -> Finding:
    """Return whether each delivery's state rests upon attempts, events or halts."""
    faults = Faults()
    held: Counter[int] = Counter()
    for number, delivery in found.deliveries.items():
        why = _fault(found, delivery)
        if why:
            faults.add(delivery.line, f"配信{number}：{why}")
        held[delivery.state] += 1
    told = counts([(words, held[state]) for state, words in _LABELS.items()])
    return judged(
        "support",
        faults,
        f"配信の状態：{told}は、試行、通知、停止の記録に裏付けられています。",
        "配信の状態：記録の裏付けがないものがあります。",
    )


def _fault(found: Gathered, delivery: Delivery) -> str:
    judge = _JUDGES.get(delivery.state)  # type: ignore[call-overload] # an int of the file
    if judge is None or delivery.medium not in MEANINGS:
        return "知らない状態か手段です"
    if delivery.wave not in found.waves:
        return "この配信の回がありません"
    return _tried(delivery) or judge(found, delivery) or _evidence(found, delivery)


def _applied(delivery: Delivery) -> list[Attempt]:
    """Return the attempts that moved the delivery: not those recorded after their lease was over."""
    reaped = {one.generation for one in delivery.attempts if one.kind == _BY_REAPER}
    return [
        one for one in delivery.attempts if one.kind == _BY_REAPER or one.generation not in reaped
    ]


def _tried(delivery: Delivery) -> str:
    applied = _applied(delivery)
    if len(applied) != delivery.tries + delivery.misses:
        return f"試行は{delivery.tries + delivery.misses}回のはずですが、{len(applied)}回あります"
    if sum(one.phase == Phase.IN_DOUBT for one in applied) != delivery.doubts:
        return "届いたか分からない試行の数が合いません"
    return ""


def _told(found: Gathered, delivery: Delivery) -> str:
    """The wire, the reaper, a provider: an attempt or an event says exactly this."""
    del found
    closed = [event for event in delivery.events if not event.open]
    says = {(one.state, one.reason) for one in delivery.attempts}
    says |= {(event.state, event.reason) for event in closed if event.rank == delivery.rank > 0}
    if (delivery.state, delivery.reason) not in says:
        return "この結果を述べる試行も通知もありません"
    if any(event.rank > delivery.rank for event in closed):
        return "この結果より強い通知があります"
    return ""


def _waiting(found: Gathered, delivery: Delivery) -> str:
    del found
    return "結果の出た試行があります" if _ended(delivery) else ""


def _suppressed(found: Gathered, delivery: Delivery) -> str:
    del found
    if delivery.reason not in {Reason.KNOWN_BAD, Reason.OPTED_OUT}:
        return "抑止の理由ではありません"
    return "送信した試行があります" if _ended(delivery) else ""


def _halted(found: Gathered, delivery: Delivery) -> str:
    expired = delivery.reason == Reason.GIVEN_UP
    if expired != (delivery.state == State.EXPIRED):
        return "状態と理由が合いません"
    if _ended(delivery):
        return "送信した試行があります"
    if found.halts.get(-delivery.wave) == delivery.reason:
        return ""
    if expired and found.waves[delivery.wave].give_up_at <= delivery.updated_at:
        return ""
    return "" if _halted_by_people(found, delivery) else "止めた記録がありません"


def _halted_by_people(found: Gathered, delivery: Delivery) -> bool:
    """Tell whether everybody whom it reaches was halted, as far as the file holds them."""
    if found.is_one_person and delivery.recipient not in found.people:
        return True
    if found.halts.get(delivery.recipient) != delivery.reason:
        return False
    return found.is_one_person or all(other in found.halts for other in delivery.others)


def _ended(delivery: Delivery) -> bool:
    return any(one.state != State.WAITING for one in _applied(delivery))


def _evidence(found: Gathered, delivery: Delivery) -> str:
    if found.is_one_person and delivery.shared and delivery.evidence >= HUMAN:
        return ""  # an answer of another person of the household
    best = max((event.evidence for event in delivery.events if not event.open), default=0)
    if best >= HUMAN:
        allowed = {best}
    elif delivery.state == State.WAITING or delivery.state in OURS:
        allowed = {0, best}
    else:
        meaning = MEANINGS[delivery.medium].get(delivery.rank)  # type: ignore[index] # an int of the file
        allowed = {int(meaning.evidence) if meaning else 0}
    return "" if delivery.evidence in allowed else "証拠の段階が、試行と通知に合いません"


_JUDGES: Mapping[State, Callable[[Gathered, Delivery], str]] = {
    State.WAITING: _waiting,
    State.ACCEPTED: _told,
    State.DELIVERED: _told,
    State.BOUNCED: _told,
    State.FAILED: _told,
    State.EXHAUSTED: _told,
    State.UNKNOWN: _told,
    State.CANCELLED: _halted,
    State.EXPIRED: _halted,
    State.SUPPRESSED: _suppressed,
}


def shared(found: Gathered) -> list[Finding]:
    """Return what a file of one person can't prove of addresses that a household shares."""
    count = sum(delivery.shared for delivery in found.deliveries.values())
    if not count:
        return []
    words = (
        f"世帯で共有する宛先への配信が{count:,}件あります。"
        "ほかの人の回答と停止はこのファイルにないため、それによる取消と閲覧は確かめていません。"
    )
    return [Finding(check="shared", holds=None, words=words)]
