"""What was sent to a person and what came of it, as lines of the timeline."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from denrei.deliveries.fold import Source
from denrei.domain.failures import Reason
from denrei.domain.states import Evidence, State
from denrei.reports.story.entries import Halted, Meant, Released, Reported, Suppressed, Tried
from denrei.web.console.story import naming, words
from denrei.web.console.story.line import TONES, Line, Mark, told


def meant(entry: Meant) -> Line:
    """Draw that the person belongs to a wave, by which contacts."""
    return Line(
        at=entry.at,
        icon="send",
        tone="act",
        title=str(words.WAVES[entry.kind]),
        notes=told(
            naming.together(_by(entry), _reworded(entry)),
            _planned(entry),
            *map(naming.shared_with, entry.deliveries),
        ),
    )


def _by(entry: Meant) -> str:
    if not entry.by:
        return _("システムが送信しました。")
    return _("%(name)sが送信しました。") % {"name": entry.by}


def _reworded(entry: Meant) -> str:
    return _("文面を変えて送信しています。") if entry.reworded else ""


def _planned(entry: Meant) -> str:
    if entry.deliveries:
        places = [naming.titled(delivery) for delivery in entry.deliveries]
        return _("送信先：%(places)s") % {"places": naming.listed(places)}
    if not entry.is_planned:
        return _("送信先を準備しています。")
    return _("この連絡で使える連絡先がありません。電話や訪問など、別の方法で確認してください。")


def suppressed(entry: Suppressed) -> Line:
    """Draw that nothing was sent, because the address is known to be bad (EMC-6)."""
    delivery = entry.delivery
    since = ""
    if delivery.bad_since:
        since = _("%(day)sから送信を控えているため、送っていません。") % {
            "day": naming.day(delivery.bad_since)
        }
    why = naming.why(delivery.bad_reason or delivery.reason)
    return Line(
        at=entry.at,
        icon="mailstop",
        tone="bad",
        title=naming.titled(delivery),
        mark=Mark(status=delivery.status),
        notes=told(naming.together(since, why)),
    )


def tried(entry: Tried) -> Line:
    """Draw an attempt; where it is in doubt, what that means."""
    mark = Mark(status=entry.status)
    is_taken = entry.state in (State.ACCEPTED, State.DELIVERED)
    return Line(
        at=entry.at,
        icon="handed" if is_taken and not entry.in_doubt else mark.icon,
        tone="warn" if entry.in_doubt else TONES[mark.look],
        title=naming.titled(entry.delivery),
        mark=mark,
        evidence=naming.kind_of(Evidence.HANDED_OVER) if is_taken else None,
        in_doubt=entry.in_doubt,
        notes=told(naming.together(_number(entry), *_what_became(entry)), _how(entry)),
        raw="\n".join(filter(None, (entry.reply, entry.provider_id))),
        raw_title=_("応答の原文"),
        raw_id=f"attempt-{entry.delivery.id}-{entry.generation}-{int(entry.is_silence)}",
    )


def _number(entry: Tried) -> str:
    if entry.is_late:
        return _("送信の処理が止まったと判断した後に届いた、実際の結果です。")
    return _("%(number)d回目の送信です。") % {"number": entry.number}


def _what_became(entry: Tried) -> Iterable[str]:
    """Yield why an attempt failed, and what its doubt means."""
    if entry.is_silence:
        yield _("送信の途中で処理が止まり、届いたかどうか確認できません。")
    elif entry.reason is not Reason.NONE:
        yield naming.why(entry.reason)
    if not entry.in_doubt:
        return
    if entry.state is State.WAITING:
        yield _("届かないことを防ぐため、同じ識別番号でもう一度送ります。2通届くことがあります。")
    else:
        yield _("送信経路の設定により、もう一度は送りません。")


def _how(entry: Tried) -> str:
    """Return by which gateway, how long it took, how far it came."""
    seconds = None if entry.took_ms is None else f"{entry.took_ms / 1000:.2f}"
    parts = (
        entry.gateway and _("送信経路：%(gateway)s") % {"gateway": entry.gateway},
        seconds and _("所要%(seconds)s秒") % {"seconds": seconds},
        _("段階：%(phase)s") % {"phase": words.PHASES[entry.phase]},
    )
    return "\u3000".join(filter(None, parts))


def reported(entry: Reported) -> Line:
    """Draw what was told after the hand-over."""
    is_bounce = entry.source == Source.BOUNCE
    return Line(
        at=entry.at,
        icon="mailx" if is_bounce else "handset",
        tone="bad" if is_bounce else "ok" if entry.evidence else "warn",
        title=naming.titled(entry.delivery),
        mark=Mark(status=entry.status) if entry.status else None,
        evidence=naming.kind_of(entry.evidence),
        notes=told(
            _("引き渡した後に、戻ってきました。")
            if is_bounce
            else _("引き渡した後に、通知が届きました。"),
            naming.why(entry.reason),
        ),
        raw=entry.raw,
        raw_title=_("通知の原文"),
        raw_id=f"event-{entry.delivery.id}-{entry.at.timestamp():.6f}".replace(".", "-"),
    )


def halted(entry: Halted) -> Line:
    """Draw what ended what waited, and what that was (EMC-5)."""
    ended = entry.deliveries
    if not ended:
        return Line(
            at=entry.at,
            icon="stop",
            tone="off",
            title=_("送信の停止"),
            notes=told(_stopped_by(entry), _("この方への送信で、取り消したものはありません。")),
        )
    mark = Mark(status=ended[0].status)
    return Line(
        at=entry.at,
        icon=mark.icon,
        tone="off",
        title=naming.listed(naming.name_of(delivery) for delivery in ended),
        mark=mark,
        in_doubt=any(delivery.doubts for delivery in ended),
        notes=told(naming.together(_cause(entry), _cancelled(entry))),
    )


def _cause(entry: Halted) -> str:
    if entry.reason is Reason.STOPPED:
        return _stopped_by(entry)
    if entry.answer is not None:
        at = timezone.localtime(entry.answer.at)
        return _("%(time)sの回答で確認が取れました。") % {"time": f"{at:%H:%M:%S}"}
    return naming.why(entry.reason)


def _stopped_by(entry: Halted) -> str:
    if not entry.by:
        return naming.why(Reason.STOPPED)
    return _("%(name)sが送信を停止しました。") % {"name": entry.by}


def _cancelled(entry: Halted) -> str:
    count = len(entry.deliveries)
    if entry.reason is Reason.GIVEN_UP:
        return _("待っていた%(count)d件は、送らずに期限切れになりました。") % {"count": count}
    return _("待っていた%(count)d件を取り消しました。") % {"count": count}


def released(entry: Released) -> Line:
    """Draw that an address was vouched for."""
    if entry.heard:
        said = _("本人が応答したため、エラーアドレスの抑止を終わりました。この連絡も送信します。")
    elif entry.tested:
        said = _(
            "%(name)sのテスト連絡が届いたため、エラーアドレスの抑止を終わりました。この連絡も送信します。"
        )
        said %= {"name": entry.by or _("システム")}
    else:
        said = _("%(name)sがエラーアドレスの抑止を解除しました。この連絡も送信します。")
        said %= {"name": entry.by or _("システム")}
    return Line(
        at=entry.at,
        icon="tick",
        tone="act",
        title=naming.titled(entry.delivery),
        notes=told(said),
    )
