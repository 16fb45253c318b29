"""Read one mail that came back: the order in which its voices are heard.

The report for machines says who and what became of it, with the words of the server that refused;
what it leaves open the text for people tells; where there is no report the text alone; where it
names nobody, the mail that came back does.
"""

from __future__ import annotations

from denrei.domain.bounces import (
    addresses,
    decoding,
    mime,
    narrative,
    notification,
    quoting,
    report,
    systems,
    verdicts,
)
from denrei.domain.bounces.finding import Finding, Kind
from denrei.domain.bounces.quoting import Notice
from denrei.domain.bounces.said import Said
from denrei.domain.bounces.verdicts import Judged
from denrei.domain.failures import Reason

_KINDS = {
    "failed": Kind.FAILED,
    "delayed": Kind.DELAYED,
    "delivered": Kind.DELIVERED,
    "relayed": Kind.DELIVERED,
    "expanded": Kind.DELIVERED,
}


def read(raw: bytes) -> tuple[Finding, ...]:
    """Return what a mail says of each recipient; at least one finding, whatever the bytes are."""
    mail = mime.read_mail(raw)
    notice = quoting.read_notice(mail)
    if (feedback := _feedback(notice)) is not None:
        return (feedback,)
    envelope, reported = _reported(mail)
    if reported:
        return tuple(_of_report(notice, said, reported, envelope) for said in reported)
    if (told := notification.read_notification(mail)) is not None:
        return tuple(_of_report(notice, said, [], "") for said in told)
    if not _is_notice(notice):
        return (_other(notice),)
    return tuple(_of_text(notice))


def _reported(mail: mime.Mail) -> tuple[str, list[Said]]:
    """Read the reports of the mail itself; those of a mail it carries only where it has none."""
    for depth in sorted({part.depth for part in mail.parts}):
        envelope, found = "", list[Said]()
        for part in mail.parts:
            if part.depth != depth or not _may_report(part):
                continue
            given, said = report.read_report(part.text)
            envelope = envelope or given
            found += said
        if found:
            return envelope, found[: report.MOST_RECIPIENTS]
    return "", []


def _may_report(part: mime.Part) -> bool:
    if part.kind in {"message/delivery-status", "message/global-delivery-status"}:
        return True
    return (
        part.kind.startswith("text/") and part.kind != "text/html" and report.is_report(part.text)
    )


def _of_report(notice: Notice, said: Said, others: list[Said], envelope: str) -> Finding:
    kind = _KINDS.get(said.action, Kind.FAILED)
    if said.action == "" and said.status[:1] == "2":
        kind = Kind.DELIVERED
    return _finding(notice, said, _judged(notice, said, others), kind, envelope)


def _judged(notice: Notice, said: Said, others: list[Said]) -> Judged | None:
    """Hear the voices about one recipient in turn, until one of them says something."""
    text = [] if not others else narrative.words_of(notice, said, others)
    known = verdicts.about(said, text)
    judged = (
        _limited(notice)
        or verdicts.judge(said.words, known)
        or verdicts.judge(text, known)
        or verdicts.by_status(known)
    )
    if judged is None and len(others) < 2:
        judged = verdicts.judge(narrative.paragraphs(notice), known)
    return judged


def _limited(notice: Notice) -> Judged | None:
    for line in notice.lines[:60]:
        if systems.LIMITED.search(line.lower()):
            reason = Reason.MAILBOX_FULL if "quota" in line.lower() else Reason.SUSPENDED
            return Judged(reason, line.strip()[:200])
    return None


def _of_text(notice: Notice) -> list[Finding]:
    said = (
        narrative.recipients(notice)
        or _failed(notice)
        or narrative.recipients(notice, narrative.NAMED)
    )
    said = said or _addressed(notice)
    kind = _kind_of_text(notice)
    if not said:
        said = [Said(recipient="")]
    return [_finding(notice, one, _judged_by_text(notice, one, said), kind) for one in said]


def _judged_by_text(notice: Notice, said: Said, others: list[Said]) -> Judged | None:
    known = verdicts.about(said, [])
    judged = _limited(notice) or verdicts.judge(said.words, known)
    if judged is None and len(others) == 1:
        subject = decoding.words_of_header(notice.mail.headers.get("subject", ""))
        judged = verdicts.judge([*narrative.paragraphs(notice), narrative.telling(subject)], known)
    return judged


def _kind_of_text(notice: Notice) -> Kind:
    subject = decoding.words_of_header(notice.mail.headers.get("subject", "")).lower()
    lines = [subject, *(line.lower() for line in notice.lines[:80])]
    if any(systems.FINAL.search(line) for line in lines):
        return Kind.FAILED
    return Kind.DELAYED if any(systems.DELAYED.search(line) for line in lines) else Kind.FAILED


def _failed(notice: Notice) -> list[Said]:
    """Return whom the headers of the notice name."""
    for name in systems.FAILED_HEADERS:
        if found := [one for _, one in addresses.all_in(notice.mail.headers.get(name, ""))]:
            return [Said(recipient=one) for one in found[: report.MOST_RECIPIENTS]]
    return []


def _addressed(notice: Notice) -> list[Said]:
    """Return whom the mail that came back was written to, if that was one."""
    addressees = {addresses.key(one): one for one in notice.addressees()}
    return [Said(recipient=one) for one in addressees.values()] if len(addressees) == 1 else []


def _is_notice(notice: Notice) -> bool:
    """Is it a notice about a mail that did not arrive? People quote such words in their answers.

    A machine must have written it, and its subject or text must say so; all the signs together do
    without the machine's name. An empty return path is one of a machine with the subject alone:
    out-of-office replies have it too, and they name people to write to instead.
    """
    headers = notice.mail.headers
    if any(name in headers for name in systems.FAILED_HEADERS) or _is_report(headers):
        return True
    sender = " ".join(headers.get(name, "") for name in ("from", "sender", "reply-to"))
    subject = decoding.words_of_header(headers.get("subject", "")).lower().strip()
    if systems.AUTOMATIC.search(subject) is not None:
        return False
    signs = (
        systems.SUBJECT.search(subject) is not None,
        any(systems.INTRO.search(line[:300].lower()) for line in notice.lines[:60]),
        any(verdicts.has_code(line) for line in notice.lines[:60]),
    )
    if systems.DAEMON.search(sender[:1_000].lower()) is not None or "x-mlserver" in headers:
        return any(signs) or notice.returns
    if systems.ANSWER.match(subject) is not None:
        return False
    if signs[0] and (headers.get("return-path", "").strip() == "<>" or notice.returns):
        return signs[1] or not notice.returns
    return all(signs) or (signs[0] and signs[1] and _names_somebody(notice))


def _names_somebody(notice: Notice) -> bool:
    """Does a mail that answers none name who did not get another one?"""
    headers = notice.mail.headers
    is_answer = "in-reply-to" in headers or "references" in headers
    return not is_answer and bool(narrative.recipients(notice))


def _is_report(headers: mime.Headers) -> bool:
    """Does the mail call itself a report of RFC 3464, though it has none that can be read?"""
    kind = headers.get("content-type", "").lower()
    return kind.startswith("multipart/report") and "delivery-status" in kind


def _other(notice: Notice) -> Finding:
    headers = notice.mail.headers
    subject = decoding.words_of_header(headers.get("subject", "")).lower().strip()
    is_automatic = (
        headers.get("auto-submitted", "no").strip().lower() not in {"no", ""}
        or any(
            name in headers for name in ("x-autoreply", "x-autorespond", "x-auto-response-suppress")
        )
        or headers.get("precedence", "").strip().lower() == "auto_reply"
        or systems.AUTOMATIC.search(subject) is not None
    )
    return _unfailed(notice, Kind.AUTOMATIC if is_automatic else Kind.OTHER, None, subject)


def _feedback(notice: Notice) -> Finding | None:
    """Read an abuse report (RFC 5965), DMARC's failure report (RFC 6591), or a wish to leave."""
    headers = notice.mail.headers
    part = next((one for one in notice.mail.parts if one.kind == "message/feedback-report"), None)
    if part is None and "feedback-report" not in headers.get("content-type", "").lower():
        return _complaint(notice) or _farewell(notice)
    fields = mime.header_block(part.text)[0] if part else {}
    named = addresses.first(fields.get("original-rcpt-to", ""))
    named = named or addresses.first(fields.get("removal-recipient", ""))
    recipient = named or next(iter(notice.addressees()), None)
    evidence = f"{fields.get('feedback-type', 'feedback')} {fields.get('user-agent', '')}"
    return _unfailed(notice, Kind.FEEDBACK, recipient, evidence)


def _complaint(notice: Notice) -> Finding | None:
    """Read a complaint of Outlook.com (JMRP): the mail itself, with its recipient in a header."""
    recipient = addresses.first(notice.original.get("x-hmxmroriginalrecipient", "")[:1_000])
    return _unfailed(notice, Kind.FEEDBACK, recipient, "JMRP") if recipient else None


def _farewell(notice: Notice) -> Finding | None:
    """Read what a mail program writes for who presses "unsubscribe" (RFC 2369, 3.2)."""
    subject = decoding.words_of_header(notice.mail.headers.get("subject", "")).strip()
    if subject.lower() != "unsubscribe":
        return None
    sender = addresses.first(notice.mail.headers.get("from", "")[:1_000])
    return _unfailed(notice, Kind.FEEDBACK, sender or None, subject)


def _unfailed(notice: Notice, kind: Kind, recipient: str | None, evidence: str) -> Finding:
    evidence = " ".join(evidence.split())[:200]
    message_id = _message_id(notice)
    return Finding(recipient=recipient, kind=kind, evidence=evidence, message_id=message_id)


def _finding(
    notice: Notice, said: Said, judged: Judged | None, kind: Kind = Kind.FAILED, envelope: str = ""
) -> Finding:
    reason, evidence = judged or Judged(Reason.OTHER, (said.words or [said.status])[0])
    if kind is Kind.DELIVERED:
        reason = Reason.NONE
    if kind is Kind.DELAYED and verdicts.suppresses(reason):
        reason = Reason.TEMPORARY
    return Finding(
        recipient=said.recipient or None,
        kind=kind,
        reason=reason,
        evidence=" ".join(evidence.split())[:240],
        envelope_id=envelope,
        message_id=_message_id(notice),
        original_recipient=said.original,
    )


def _message_id(notice: Notice) -> str:
    return notice.original.get("message-id", "").strip().strip("<>")[:500]
