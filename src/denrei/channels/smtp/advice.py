"""What operators are told of a step that failed: what happened, and what to do (MSG-6)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from denrei.channels.smtp.steps import Step

NAMES: Mapping[Step, str] = {
    Step.POP_NAME: "POPサーバーの名前解決",
    Step.POP_CONNECT: "POPサーバーへの接続",
    Step.POP_GREETING: "POPサーバーの最初の応答",
    Step.POP_STLS: "POPの暗号化の開始（STLS）",
    Step.POP_TLS: "POPの暗号化（TLS、証明書）",
    Step.POP_SIGN_IN: "POPサインイン（POP before SMTP）",
    Step.NAME: "名前解決",
    Step.CONNECT: "接続",
    Step.GREETING: "最初の応答",
    Step.EHLO: "名乗り（EHLO）",
    Step.STARTTLS: "暗号化の開始（STARTTLS）",
    Step.TLS: "暗号化（TLS、証明書）",
    Step.AUTH: "サインイン（AUTH）",
    Step.SENDER: "差出人（MAIL FROM）",
}


class _Row(NamedTuple):
    """Words of the other side or of the system (any: ""), what they mean at these steps, what to do."""

    at: frozenset[Step]
    said: re.Pattern[str]
    what: str
    todo: str


def _row(*at: Step, said: str = "", what: str, todo: str) -> _Row:
    return _Row(frozenset(at), re.compile(said, re.IGNORECASE), what, todo)


_NAME = (Step.NAME, Step.POP_NAME)
_CONNECT = (Step.CONNECT, Step.POP_CONNECT)
_GREETING = (Step.GREETING, Step.POP_GREETING)
_TLS = (Step.TLS, Step.POP_TLS)
#: The first row that fits is told.
_ROWS = (
    _row(
        *_NAME,
        what="サーバーの名前から、IPアドレスが見つかりません。",
        todo="ホストの名前に誤りがないか、このコンピューターからDNSサーバーに問い合わせできるかを確認してください。",
    ),
    _row(
        *_CONNECT,
        said=r"no answer in time|timed out",
        what="サーバーから返事がありません。",
        todo="ホストとポートが正しいか、このコンピューターからの接続をファイアウォールや契約先が許しているかを確認してください。",
    ),
    _row(
        *_CONNECT,
        said=r"refused|connect call failed",
        what="サーバーが、このポートへの接続を断りました。",
        todo="ポートが正しいか、メールサーバーが動いているかを確認してください。",
    ),
    _row(
        *_CONNECT,
        what="サーバーにつながりません。",
        todo="ホストとポートが正しいか、途中のネットワークがつながっているかを確認してください。",
    ),
    _row(
        *_GREETING,
        said=r"no answer in time",
        what="つながりましたが、サーバーが何も言いません。",
        todo="ポートと暗号化の組が正しいか（465と995はTLS、587と110はSTARTTLS）を確認してください。",
    ),
    _row(
        *_GREETING,
        said=r"not a reply",
        what="つながった先が、メールサーバーではありません。",
        todo="ホストとポートを確認してください。",
    ),
    _row(
        *_GREETING,
        what="サーバーが、この接続を断りました。",
        todo="サーバーの応答に従い、このコンピューターのIPアドレスを許可するように、メールサーバーの管理者に依頼してください。",
    ),
    _row(
        Step.EHLO,
        what="サーバーが、このコンピューターの名乗りを受け付けません。",
        todo="「このサーバーの名前（EHLO）」に、このコンピューターの正しいホスト名を設定してください。",
    ),
    _row(
        Step.STARTTLS,
        Step.POP_STLS,
        what="サーバーが、途中からの暗号化に応じません。",
        todo="暗号化をTLSに変えて（ポートは465、POPでは995）試すか、メールサーバーの管理者に相談してください。",
    ),
    _row(
        *_TLS,
        said=r"expired",
        what="サーバーの証明書の期限が切れています。",
        todo="証明書を更新するように、メールサーバーの管理者に依頼してください。このコンピューターの時計も確認してください。",
    ),
    _row(
        *_TLS,
        said=r"mismatch|not valid for",
        what="サーバーの証明書が、設定したホストの名前のものではありません。",
        todo="ホストに、証明書に書かれている名前を入力してください。IPアドレスでは、ふつう確認できません。",
    ),
    _row(
        *_TLS,
        said=r"self.signed|unable to get (?:local )?issuer|certificate.verify.failed",
        what="サーバーの証明書を発行した認証局が、このコンピューターで信頼されていません。",
        todo="自組織の認証局を使っているときは、その証明書のファイルを、システムの担当者が設定してください（ca_file）。心当たりがないときは、接続先が正しいかを確認してください。",
    ),
    _row(
        *_TLS,
        said=r"no such file|\[errno 2\]",
        what="信頼する証明書のファイルを読めません。",
        todo="システムの担当者が、設定（ca_file）のファイルの場所を確認してください。",
    ),
    _row(
        *_TLS,
        what="暗号化を始められません。",
        todo="ポートと暗号化の組が正しいか（465と995はTLS、587と110はSTARTTLS）を確認してください。",
    ),
    _row(
        Step.POP_SIGN_IN,
        said=r"\[in-use\]",
        what="POPサーバーのメールボックスを、ほかのプログラムが使っています。",
        todo="少し待って、もう一度確かめてください。続くときは、このメールボックスを使うメールソフトを終了してください。",
    ),
    _row(
        Step.POP_SIGN_IN,
        said=r"\[login-delay\]",
        what="POPサーバーが、続けてのサインインを許しません。",
        todo="数分待って、もう一度確かめてください。有効時間を長くすると、サインインの回数が減ります。",
    ),
    _row(
        Step.POP_SIGN_IN,
        said=r"no answer in time|connection lost",
        what="POPサーバーが、サインインに返事をしません。",
        todo="時間をおいて、もう一度確かめてください。続くときは、メールサーバーの管理者に相談してください。",
    ),
    _row(
        Step.POP_SIGN_IN,
        what="POPサーバーが、サインインを断りました。",
        todo="POPサーバーのユーザー名とパスワードを確認してください。",
    ),
    _row(
        Step.AUTH,
        said=r"neither plain nor login",
        what="このサーバーには、使えるサインインの方式がありません。",
        todo="サインインのいらないサーバーなら、ユーザー名とパスワードを空にしてください。いるときは、暗号化とポートを確認してください。",
    ),
    _row(
        Step.AUTH,
        said=r"no answer in time|connection lost",
        what="サーバーが、サインインに返事をしません。",
        todo="時間をおいて、もう一度確かめてください。続くときは、メールサーバーの管理者に相談してください。",
    ),
    _row(
        Step.AUTH,
        what="サーバーが、サインインを断りました。",
        todo="ユーザー名とパスワードを確認してください。メールソフト用のパスワードを別に発行する契約先もあります。",
    ),
    _row(
        Step.SENDER,
        said=r"\b53[0458]\b|authenti|\bpop\b|log ?in",
        what="サーバーが、サインインしていない相手からの送信を断りました。",
        todo="ユーザー名とパスワードを入力するか、POP before SMTPのサーバーなら、その設定を入力してください。",
    ),
    _row(
        Step.SENDER,
        what="サーバーが、差出人のアドレスを断りました。",
        todo="差出人のアドレスが、このサーバーとサインインした利用者に許されたものか確認してください。",
    ),
)


def on(step: Step, said: str) -> tuple[str, str]:
    """Return what happened and what to do."""
    row = next(row for row in _ROWS if step in row.at and row.said.search(said))
    return row.what, row.todo


def words() -> Iterator[str]:
    """Yield all that is said here, for translation."""
    yield from NAMES.values()
    for row in _ROWS:
        yield from (row.what, row.todo)
