"""Verify a proof file: lines of bytes in, sentences out. Garbage is found, never an error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from denrei.domain.proof import answers, deliveries, gathering, keys, people, rows, sealing
from denrei.domain.proof.facts import Gathered
from denrei.domain.proof.findings import Faults, Finding, judged
from denrei.domain.proof.lines import FORMAT, VERSION, Reader
from denrei.domain.proof.rows import SHAPES, Kind, Scope


class UnreadableError(ValueError):
    """It is no proof file, or one of another version; the message says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a file proves."""

    #: Of which broadcast, in words; "" where the head can't be read.
    subject: str
    #: The fingerprint of the key in the file; "" where there is none.
    fingerprint: str
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether everything that was checked is true."""
        return all(finding.holds is not False for finding in self.findings)


def verify(lines: Iterable[bytes], key: str = "", head: str = "") -> Report:
    """Return what the lines of a file prove.

    `key`: the fingerprint that the signature must have; `head`: the hash of a seal that was kept
    apart and must stand in the chain. UnreadableError.
    """
    reader, found = Reader(), Gathered()
    _read(lines, reader, found)
    end = found.end or {}
    fingerprint = _fingerprint(str(end.get("key", "")))
    findings = [_whole(reader, found), _signed(reader, found, fingerprint)]
    findings += [_by_whom(fingerprint, key)] if found.end else []
    if found.head:
        findings += _content(found, head)
    findings.insert(
        1,
        judged(
            "rows", found.form, "行：どの行も形式のとおりです。", "行：形式に合わない行があります。"
        ),
    )
    return Report(subject=_subject(found), fingerprint=fingerprint, findings=tuple(findings))


def _read(lines: Iterable[bytes], reader: Reader, found: Gathered) -> None:
    understood, order = 0, 0
    for line in lines:
        row = reader.read(line)
        if row is None:
            continue
        understood += 1
        fault = rows.fault(row)
        if fault:
            found.form.add(reader.lines, fault)
            continue
        if row["row"] == Kind.HEAD and row["version"] != VERSION:
            raise UnreadableError(
                f"この版の denrei は、形式の版{row['version']}のファイルを確かめられません。"
            )
        if SHAPES[row["row"]].order < order:
            found.form.add(reader.lines, "行の種類の順序が正しくありません")
        order = SHAPES[row["row"]].order
        try:
            gathering.take(found, reader.lines, row)
        except ValueError:
            found.form.add(reader.lines, "値が正しくありません")
    if not understood:
        raise UnreadableError("denrei の証明ファイルではありません。")


def _whole(reader: Reader, found: Gathered) -> Finding:
    faults = reader.faults
    head, end = found.head, found.end
    if not head or head["format"] != FORMAT or head["scope"] not in set(Scope):
        faults.add(1, "見出しの行がないか、読めません")
    if end is None:
        faults.add(0, "終わりの行がありません。ファイルが途中で切れています")
    elif not reader.is_at_end:
        faults.add(0, "終わりの行の後に、さらに行があります")
    elif end["lines"] != reader.lines - 1 or end["sha256"] != reader.digest():
        faults.add(0, "終わりの行にある行数かハッシュが、ファイルと違います")
    return judged(
        "file",
        faults,
        f"ファイル：{reader.lines:,}行がすべてそろい、書き出したときのままです。",
        "ファイル：書き出したときのままではありません。",
    )


def _signed(reader: Reader, found: Gathered, fingerprint: str) -> Finding:
    end = found.end or {}
    message = keys.message_of_file(reader.digest())
    holds = keys.genuine(str(end.get("key", "")), str(end.get("signature", "")), message)
    words = (
        f"署名：鍵 {fingerprint} による署名が、ファイルの全体に合います。"
        if holds
        else "署名：ないか、ファイルの内容に合いません。"
    )
    return Finding(check="signature", holds=holds, words=words)


def _by_whom(fingerprint: str, key: str) -> Finding:
    if not key:
        words = (
            "鍵：だれの鍵かは確かめていません。偽造する人は、自分の鍵で署名し直すことができます。"
            f"書き出した団体から、電話など別の手段で鍵の指紋を聞き、{fingerprint} と同じかを確かめるか、"
            "--key に指定してもう一度実行してください。"
        )
        return Finding(check="key", holds=None, words=words)
    holds = keys.alike(fingerprint, key)
    words = (
        f"鍵：指定した指紋 {fingerprint} の鍵です。"
        if holds
        else f"鍵：指定した指紋の鍵ではありません。ファイルの鍵は {fingerprint or '読めません'} です。"
    )
    return Finding(check="key", holds=holds, words=words)


def _content(found: Gathered, head: str) -> list[Finding]:
    """Return what the rows prove; of one person, what one person's rows can."""
    findings = [sealing.check(found), *sealing.unsealed(found)]
    findings += [sealing.holds_head(found, head)] if head else []
    if found.is_one_person:
        findings += [_alone(found)]
    else:
        findings += [people.equation(found), deliveries.equation(found)]
    findings += [people.grades(found), deliveries.support(found), answers.check(found)]
    findings += deliveries.shared(found) if found.is_one_person else []
    return findings


def _alone(found: Gathered) -> Finding:
    """Return whether the file is of one person and of nobody else."""
    faults = Faults()
    if list(found.people) != [found.head["recipient"]]:
        faults.add(0, "見出しにある1人の行だけではありません")
    for delivery in found.deliveries.values():
        if not {delivery.recipient, *delivery.others} & found.people.keys():
            faults.add(delivery.line, "この人に届かない配信です")
    return judged(
        "person",
        faults,
        "範囲：1人分の記録です。その人の行が封印の鎖に入っていることを確かめます。"
        "ほかの人の記録はハッシュだけで、2つの式は数え直せません。",
        "範囲：1人分の記録ではありません。",
    )


def _fingerprint(public_key: str) -> str:
    try:
        raw = bytes.fromhex(public_key)
    except ValueError:
        return ""
    return keys.fingerprint(raw) if raw else ""


def _subject(found: Gathered) -> str:
    head = found.head
    if not head:
        return ""
    incident = head["content"].get("incident")
    name = incident.get("ja") if isinstance(incident, dict) else ""
    drill = "【訓練】" if head["drill"] else ""
    told = f"{head['organization']}　連絡番号{head['broadcast']}　{drill}{name}"
    if found.is_one_person:
        told += f"　対象の人{head['recipient']}の分"
    at = head["exported_at"][:16].replace("T", " ")
    return _plain(f"{told}（{at} {head['exported_by']} が書き出し）")


def _plain(text: str) -> str:
    """Return a text of the file without what a terminal would obey."""
    return "".join(sign if sign.isprintable() or sign == "　" else "?" for sign in text)
