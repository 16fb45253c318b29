"""What the settings of a gateway are called, in its form and in the trail; by the names of the channel's fields."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SETTINGS: Mapping[str, str | Promise] = {
    "host": _("ホスト"),
    "port": _("ポート"),
    "security": _("暗号化"),
    "verify": _("証明書の確認"),
    "ca_file": _("信頼する証明書"),
    "username": _("ユーザー名"),
    "password": _("パスワード"),
    "pop_host": _("POPサーバーのホスト"),
    "pop_port": _("POPサーバーのポート"),
    "pop_security": _("POPサーバーの暗号化"),
    "pop_username": _("POPサーバーのユーザー名"),
    "pop_password": _("POPサーバーのパスワード"),
    "pop_minutes": _("サインインの有効時間（分）"),
    "hello_name": _("このサーバーの名前（EHLO）"),
    "sender_name": _("差出人の名前"),
    "sender_address": _("差出人のアドレス"),
    "reply_to": _("返信先のアドレス"),
    "return_path_domain": _("エラーメールの戻り先のドメイン"),
    "message_id_domain": _("Message-IDのドメイン"),
    "encoding": _("文字コード"),
    "dkim_selector": _("DKIMのセレクター"),
    "dkim_key": _("DKIMの秘密鍵"),
    "dkim_domain": _("DKIMの署名のドメイン"),
    "connections": _("同時接続数"),
    "connect_timeout": _("接続の待ち時間"),
    "greeting_timeout": _("最初の応答の待ち時間"),
    "command_timeout": _("コマンドの待ち時間"),
    "data_timeout": _("DATAコマンドの待ち時間"),
    "final_timeout": _("本文の送信後の待ち時間"),
    "idle_timeout": _("未使用の接続を閉じるまでの時間"),
    "size_limit": _("メールの最大の大きさ"),
}
KINDS: Mapping[str, str | Promise] = {
    "smtp": _("メールサーバー（SMTP）"),
    "simulator": _("訓練用（だれにも送りません）"),
}
