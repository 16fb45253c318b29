"""The chain of seals: each leaf in one seal, each seal over its leaves, each hash over the one before."""

from __future__ import annotations

from denrei.domain.proof import commitments
from denrei.domain.proof.facts import Gathered, Leaves, Seal
from denrei.domain.proof.findings import Faults, Finding, judged


def check(found: Gathered) -> Finding:
    """Return whether the leaves of the file are what was sealed."""
    faults = found.missed
    shown = sum(leaves.shown for leaves in found.leaves.values())
    everything = [one for leaves in found.leaves.values() for one in leaves.commitments]
    if len(set(everything)) < len(everything):
        faults.add(0, "同じ記録が2回あります")
    _chain(found, faults)
    newest = found.seals[-1] if found.seals else None
    known = f"最新は封印{newest.no}（{newest.hash.hex()}）です。" if newest else ""
    return judged(
        "seals",
        faults,
        f"台帳の封印：記録{shown:,}件が、封印{len(found.seals):,}個の鎖のとおりです。{known}",
        "台帳の封印：鎖と合わない記録があります。",
    )


def _chain(found: Gathered, faults: Faults) -> None:
    before, horizon = b"", 0
    rest = dict(found.leaves)
    for due, seal in enumerate(found.seals, start=1):
        if seal.no != due:
            faults.add(seal.line, f"封印{due}であるはずの行が、封印{seal.no}です")
        if seal.horizon <= horizon:
            faults.add(seal.line, f"封印{seal.no}の範囲が、前の封印より後になっていません")
        if commitments.link(before, seal.root) != seal.hash:
            faults.add(seal.line, f"封印{seal.no}のハッシュが、前の封印からつながりません")
        leaves = rest.pop(seal.no, None)
        if leaves is not None or not found.is_one_person:
            _root(seal, leaves or Leaves(), horizon, faults)
        before, horizon = seal.hash, seal.horizon
    if horizon > found.head.get("sealed_before", 0):
        faults.add(0, "見出しにある封印の範囲が、最後の封印より前です")
    for no in rest:
        faults.add(0, f"記録が入っているはずの封印{no}がありません")


def _root(seal: Seal, leaves: Leaves, before: int, faults: Faults) -> None:
    if len(leaves.commitments) != seal.leaves:
        faults.add(
            seal.line,
            f"封印{seal.no}の記録は{seal.leaves:,}件のはずですが、"
            f"{len(leaves.commitments):,}件あります",
        )
    elif commitments.root(leaves.commitments) != seal.root:
        faults.add(seal.line, f"封印{seal.no}の記録が、封印したときと違います")
    first = before if leaves.first is None else leaves.first
    last = before if leaves.last is None else leaves.last
    if first < before or last >= max(seal.horizon, before + 1):
        faults.add(seal.line, f"封印{seal.no}に、別の封印に入るはずの記録があります")


def unsealed(found: Gathered) -> list[Finding]:
    """Return what must be known of leaves in no seal."""
    findings = []
    if found.unsealed:
        words = (
            f"封印：最後の封印より後の記録が{found.unsealed:,}件あり、まだ鎖に入っていません。"
            "この分は、データベースを持つ人が書き換えても鎖では分かりません。"
        )
        findings.append(Finding(check="unsealed", holds=None, words=words))
    if found.unsealable:
        words = (
            f"封印：どの連絡のものか分からないまま届いた通知が{found.unsealable:,}件あり、"
            "鎖には入りません。"
        )
        findings.append(Finding(check="unsealable", holds=None, words=words))
    return findings


def holds_head(found: Gathered, head: str) -> Finding:
    """Return whether a hash that was kept apart stands in the chain."""
    wanted = "".join(head.lower().split())
    seal = next((one for one in found.seals if one.hash.hex() == wanted), None)
    words = (
        f"控えの封印：控えてあったハッシュは、封印{seal.no}のものです。"
        "それまでの記録は、控えたときのままです。"
        if seal
        else "控えの封印：控えてあったハッシュが、このファイルの鎖にありません。"
    )
    return Finding(check="head", holds=seal is not None, words=words)
