"""What was seen and heard of a person, as lines of the timeline."""

from __future__ import annotations

from django.utils.translation import gettext as _

from denrei.domain.states import Evidence
from denrei.reports.story.entries import Answered, Help, Helped, Looked
from denrei.web.console.story import naming, words
from denrei.web.console.story.line import Line, told

_HELP_ICONS = {Help.TAKEN: "users", Help.GIVEN_BACK: "minus"}


def looked(entry: Looked) -> Line:
    """Draw a look at the answer page: a program's, or perhaps a human's (NEW-3)."""
    why = words.PROGRAMS.get(entry.kind)
    raw = told(
        entry.user_agent and f"User-Agent: {entry.user_agent}",
        entry.address and f"IP: {entry.address}",
    )
    return Line(
        at=entry.at,
        icon="info" if why else "eye",
        tone="off",
        title=_("自動アクセス（数えません）") if why else _("ページが開かれました"),
        tag="" if why else _("アクセスあり(未確認)"),
        notes=told(
            naming.titled(entry.delivery),
            str(why)
            if why
            else _("人が開いたかどうかは確認できません。閲覧や回答には数えません。"),
        ),
        raw="\n".join(raw),
        raw_title=_("アクセスの記録"),
        raw_id=f"look-{entry.id}",
    )


def answered(entry: Answered) -> Line:
    """Draw an answer, whoever told it (NEW-4)."""
    has_choice = bool(entry.choice)
    evidence = Evidence.ANSWERED if has_choice else Evidence.READ
    title = "\u3000".join((_("回答"), f"{entry.choice} {entry.words}"))
    return Line(
        at=entry.at,
        icon="alert" if entry.needs_help else "reply",
        tone="bad" if entry.needs_help else "strong",
        title=title if has_choice else _("受信確認"),
        evidence=naming.kind_of(evidence),
        tag=_("支援が必要に変わりました") if entry.worsened else "",
        tag_is_bad=True,
        notes=told(naming.together(_from(entry), _place_among(entry), _late(entry))),
        quote=entry.comment,
    )


def _from(entry: Answered) -> str:
    if entry.by:
        return _("%(name)sが代わりに記録しました（%(how)s）。") % {
            "name": entry.by,
            "how": words.HEARD.get(entry.source, entry.source),
        }
    teller = str(words.TELLERS.get(entry.source, entry.source))
    if entry.medium is None:
        return _("回答者：%(teller)s。") % {"teller": teller}
    return _("回答者：%(teller)s（%(medium)s）。") % {
        "teller": teller,
        "medium": _(entry.medium.label),
    }


def _place_among(entry: Answered) -> str:
    if entry.number == 1:
        return _("最初の回答です。")
    if entry.is_latest:
        return _("%(number)d回目の回答（最新）です。") % {"number": entry.number}
    return _("%(number)d回目の回答です。") % {"number": entry.number}


def _late(entry: Answered) -> str:
    return _("停止または打ち切りの後に受け付けました。") if entry.late else ""


def helped(entry: Helped) -> Line:
    """Draw what became of a call for help."""
    return Line(
        at=entry.at,
        icon=_HELP_ICONS.get(entry.what, "tick"),
        tone="act" if entry.what is Help.TAKEN else "ok",
        title=str(words.HELPS[entry.what]) % {"name": entry.by},
    )
