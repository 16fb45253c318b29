"""What is kept how long: each kind of data with its tables, its words, and how it is deleted (OPS-8).

Every table of the database stands in exactly one place here: in a kind, in KEPT, or in OUTSIDE; a
test walks the database. The periods are in `denrei.domain.retention`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.deliveries.appointed import NOT_SENT, ScheduledState
from denrei.directory.intake.models import ENDED
from denrei.domain.retention import BOUNDS, Bounds
from denrei.retention.emptying import Empty
from denrei.retention.leaving import EraseLeft, ForgetEmpty
from denrei.retention.sessions import ClearSessions
from denrei.retention.steps import Blank, Delete, DeleteEach, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of data."""

    #: A key of `BOUNDS`.
    code: str
    name: str | Promise
    #: What it is, and from when its age counts.
    holds: str | Promise
    #: What is counted: 件, 人.
    steps: tuple[Step, ...]
    #: `table`, or `table.column` where only that goes.
    tables: tuple[str, ...] = ()
    #: Belongs to no organization, and nobody chooses.
    is_shared: bool = False

    @property
    def bounds(self) -> Bounds:
        """Return what an organization may choose."""
        return BOUNDS[self.code]


def _list(values: object) -> str:
    return ", ".join(f"'{value}'" for value in sorted(map(str, values)))  # type: ignore[call-overload] # enumerations


_OLD_DRAFT = f"""
kind = 'draft' AND (broadcast_id IS NULL AND changed_at < %(until)s
  OR broadcast_id IN (SELECT e.broadcast_id FROM emptied e WHERE e.done_at IS NOT NULL))
AND NOT EXISTS (SELECT FROM scheduled s WHERE s.draft_id = draft.id AND s.state = '{ScheduledState.WAITING.value}')
"""
_OLD_RESERVATION = f"""
state <> '{ScheduledState.WAITING.value}' AND settled_at < %(until)s
AND NOT (state IN ({_list(one.value for one in NOT_SENT)}) AND noted_at IS NULL)
"""
_ENDED = _list(one.value for one in ENDED)
#: A failure that is over, or of an address that nobody has; the last delivery that it was told of is old as well.
_OLD_SUPPRESSION = """
since < %(until)s
AND (suppression.until < %(until)s OR NOT EXISTS (
  SELECT FROM contact c WHERE c.address_key = suppression.address_key AND c.medium = suppression.medium))
AND NOT EXISTS (SELECT FROM delivery d WHERE d.id = suppression.delivery_id AND d.updated_at >= %(until)s)
"""
_NOT_HELD = "NOT EXISTS (SELECT FROM hold h WHERE h.broadcast_id = {0}.{1})"
_OLD_MAIL = "arrived_at < %(until)s AND read_at IS NOT NULL AND NOT waits AND " + _NOT_HELD.format(
    "received_mail", "broadcast_id"
)
_OLD_CASE = """
state <> 0 AND handled_at < %(until)s OR state = 0 AND attention.until < %(until)s
"""

KINDS: tuple[Kind, ...] = (
    Kind(
        code="broadcasts",
        name=_("終了した連絡の明細"),
        holds=_(
            "対象の人、宛先、送信の試行、回答、支援の記録です。連絡終了から数えます。"
            "文面、人数と件数、封印のハッシュは残ります。"
        ),
        tables=(
            *("audience", "roster", "chunk", "delivery", "cover", "attempt", "event"),
            *("event_open", "fold_due", "halt", "response", "help_call", "motion"),
        ),
        steps=(
            Empty(),
            # receipts that nobody could place
            Delete(
                table="event",
                where="broadcast_id IS NULL AND delivery_id IS NULL AND received_at < %(until)s AND NOT EXISTS"
                " (SELECT FROM attempt a WHERE a.provider_id <> '' AND a.provider_id = event.provider_id)",
                locked=False,
            ),
        ),
    ),
    Kind(
        code="looks",
        name=_("回答ページへのアクセスの記録"),
        holds=_(
            "回答ページを開いた端末のIPアドレスとプログラムの名前です。開いたときから数えます。"
        ),
        tables=("page_view",),
        steps=(
            DeleteEach(
                table="page_view",
                through="(SELECT id FROM broadcast WHERE organization_id = %(organization)s"
                f" AND launched_at < %(until)s AND {_NOT_HELD.format('broadcast', 'id')}) b",
                found="SELECT v.ctid AS place FROM page_view v"
                " WHERE v.broadcast_id = b.id AND v.at < %(until)s",
            ),
        ),
    ),
    Kind(
        code="mail_text",
        name=_("受信したメールの本文"),
        holds=_(
            "不達の通知や返信の、届いたままの内容です。届いたときから数えます。"
            "差出人、件名と、読み取った結果は残ります。確認待ちのものは残します。"
        ),
        tables=("received_mail.raw",),
        steps=(
            Blank(table="received_mail", change="raw = ''", where=f"{_OLD_MAIL} AND raw <> ''"),
        ),
    ),
    Kind(
        code="mails",
        name=_("受信したメールの記録"),
        holds=_(
            "差出人、件名と、読み取った結果です。届いたときから数えます。確認待ちのものは残します。"
        ),
        tables=("received_mail",),
        steps=(Delete(table="received_mail", where=_OLD_MAIL),),
    ),
    Kind(
        code="contact_tests",
        name=_("連絡先のテスト"),
        holds=_("連絡先1件へのテスト送信と、その結果です。送信したときから数えます。"),
        tables=("contact_test",),
        steps=(Delete(table="contact_test", where="pressed_at < %(until)s"),),
    ),
    Kind(
        code="import_rows",
        name=_("取り込みの行ごとの結果"),
        holds=_("名簿の取り込みで読んだ行の氏名と、その判定です。取り込んだときから数えます。"),
        tables=("people_import_fate",),
        steps=(
            Delete(
                table="people_import_fate",
                where="people_import_id IN (SELECT i.id FROM people_import i"
                f" WHERE i.state IN ({_ENDED}) AND i.created_at < %(until)s)",
            ),
        ),
    ),
    Kind(
        code="imports",
        name=_("取り込みの履歴"),
        holds=_(
            "だれが、いつ、どのファイルを取り込み、何人を変えたかです。取り込んだときから数えます。"
        ),
        tables=("people_import", "people_import_piece", "people_import_person"),
        steps=(
            # a million of one import: apart from it, in batches
            Delete(
                table="people_import_person",
                where="people_import_id IN (SELECT i.id FROM people_import i"
                f" WHERE i.state IN ({_ENDED}) AND i.created_at < %(until)s)",
                is_counted=False,
            ),
            Delete(
                table="people_import",
                where=f"state IN ({_ENDED}) AND created_at < %(until)s AND NOT EXISTS"
                " (SELECT FROM people_import_fate f WHERE f.people_import_id = people_import.id)"
                " AND NOT EXISTS"
                " (SELECT FROM people_import_person p WHERE p.people_import_id = people_import.id)",
                along={"people_import_piece": "people_import_id"},
            ),
        ),
    ),
    Kind(
        code="drafts",
        name=_("下書き"),
        holds=_(
            "送信していない下書きです。最後に変えたときから数えます。"
            "送信した下書きは、連絡の明細と一緒に消します。定型連絡と、予約したものは残します。"
        ),
        tables=("draft", "draft_reader"),
        steps=(
            Delete(
                table="draft",
                where=_OLD_DRAFT,
                along={"draft_reader": "draft_id"},
                loosened={"scheduled": "draft_id"},
            ),
        ),
    ),
    Kind(
        code="reservations",
        name=_("予約の履歴"),
        holds=_("送信、取消などで終わった予約です。終わったときから数えます。"),
        tables=("scheduled",),
        steps=(Delete(table="scheduled", where=_OLD_RESERVATION),),
    ),
    Kind(
        code="attention",
        name=_("要対応の履歴"),
        holds=_("対応が済んだ、届かない連絡先の記録です。済んだときから数えます。"),
        tables=("attention",),
        steps=(Delete(table="attention", where=_OLD_CASE),),
    ),
    Kind(
        code="suppressions",
        name=_("届かない宛先の記録"),
        holds=_(
            "送信を控えていた宛先です。控える期間が過ぎたものと、だれも登録していないものを、"
            "最初に失敗したときから数えます。"
        ),
        tables=("suppression",),
        steps=(Delete(table="suppression", where=_OLD_SUPPRESSION),),
    ),
    Kind(
        code="left_people",
        name=_("退会した人"),
        holds=_(
            "退会にした人の氏名、連絡先、所属です。最後に変えたときから数えます。"
            "世帯のだれもいなくなると、その児童も消します。"
        ),
        tables=("recipient", "contact", "group_member", "position_holder", "silence"),
        steps=(EraseLeft(), ForgetEmpty()),
    ),
    Kind(
        code="trail",
        name=_("操作の記録"),
        holds=_(
            "だれが、いつ、何を変えたかと、変える前と後の内容です。操作したときから数えます。"
            "名簿から消した人の、以前の内容も含みます。"
        ),
        tables=("audit_entry",),
        steps=(Delete(table="audit_entry", where="at < %(until)s", locked=False),),
    ),
    Kind(
        code="alarms",
        name=_("警報の履歴"),
        holds=_("終わった警報です。終わったときから数えます。"),
        tables=("alarm",),
        steps=(Delete(table="alarm", where="ended_at < %(until)s"),),
    ),
    Kind(
        code="sign_in_failures",
        name=_("サインインの失敗の記録"),
        holds=_(
            "失敗したサインインの利用者ID、IPアドレス、ブラウザーの名前です。失敗したときから数えます。"
        ),
        tables=(
            *("axes_accessattempt", "axes_accessattemptexpiration"),
            *("axes_accessfailurelog", "axes_accesslog"),
        ),
        steps=(
            Delete(
                table="axes_accessattempt",
                where="attempt_time < %(until)s",
                along={"axes_accessattemptexpiration": "access_attempt_id"},
            ),
            Delete(table="axes_accessfailurelog", where="attempt_time < %(until)s"),
            Delete(table="axes_accesslog", where="attempt_time < %(until)s"),
        ),
    ),
    Kind(
        code="reports",
        name=_("削除の記録"),
        holds=_("保存期間による削除で、何を何件消したかの記録です。"),
        tables=("retention_run",),
        steps=(Delete(table="retention_run", where="began_at < %(until)s"),),
    ),
    Kind(
        code="unclaimed_mails",
        name=_("どの団体のものか分からないメール"),
        holds=_("迷惑メールなどです。届いたときから数えます。"),
        is_shared=True,
        steps=(
            Delete(
                table="received_mail",
                where="arrived_at < %(until)s AND read_at IS NOT NULL",
                unowned=True,
            ),
        ),
    ),
    Kind(
        code="sessions",
        name=_("期限が切れたサインイン"),
        holds=_("ブラウザーの名前とIPアドレスです。"),
        tables=("session",),
        is_shared=True,
        steps=(ClearSessions(),),
    ),
)
BY_CODE: Mapping[str, Kind] = {kind.code: kind for kind in KINDS}

_FIGURES = "figures, words and seals of a broadcast: they name nobody who was meant"
_OWN = "what the organization is, and how it sends: as long as it uses denrei"
_LIVING = "of those who are registered at this moment; a household goes with the last of them"
#: Tables of organizations that no period ends, and why.
KEPT: Mapping[str, str] = {
    **dict.fromkeys(("broadcast", "run", "tally", "people_tally", "pulse", "breakdown"), _FIGURES),
    **dict.fromkeys(("seal", "seal_horizon", "finding", "emptied", "hold", "reminder"), _FIGURES),
    **dict.fromkeys(("organization", "unit", "lane", "gateway", "mailbox", "mailbox_seen"), _OWN),
    **dict.fromkeys(("incident_type", "situation", "instruction", "answer_choice"), _OWN),
    **dict.fromkeys(("contact_group", "position"), _OWN),
    **dict.fromkeys(("household", "subject"), _LIVING),
    **dict.fromkeys(("operator", "mfa_authenticator"), _LIVING),
    **dict.fromkeys(("account_emailaddress", "account_emailconfirmation"), _LIVING),
    "number_in_use": "a keyed hash, for the duration of a call",
}
#: Tables that name no organization and no person: of Django, and of the queue, which empties its own.
OUTSIDE = frozenset(
    {"django_migrations", "django_content_type", "cache_entry"}
    | {"auth_group", "auth_group_permissions", "auth_permission"}
    | {"procrastinate_jobs", "procrastinate_events", "procrastinate_workers"}
    | {"procrastinate_periodic_defers", "procrastinate_version"}
)
