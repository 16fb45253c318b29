"""What each status means, and what the operator and the recipient should do (EMC-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from denrei.domain.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """The three answers of a help panel, sentences for people."""

    cause: str | Promise
    operator: str | Promise
    recipient: str | Promise


_NOTHING = _("対応の必要はありません。")

HELP: Mapping[Status, Help] = {
    Status.WAITING: Help(
        cause=_(
            "まだ一度も送っていません。送信の順番を待っているか、先に試す連絡先や手段の結果を待っています。"
        ),
        operator=_(
            "対応の必要はありません。長く変わらないときは denrei doctor を実行し、ワーカーが動いているか確認してください。"
        ),
        recipient=_NOTHING,
    ),
    Status.IN_PROGRESS: Help(
        cause=_(
            "メールは送信の途中です。電話は呼び出しているか、つながっています。アプリは通知サービスへ渡し、結果を待っています。メールとアプリでは、一時的な不調のあとで次の送信を待つ間もこの状態で、次の時刻が並んで表示されます。"
        ),
        operator=_NOTHING,
        recipient=_NOTHING,
    ),
    Status.DONE: Help(
        cause=_(
            "メールは、次のサーバーが受け取りました。電話は、つながりました（留守番電話を含みます）。アプリは、通知サービスが受け付けました。読まれたことを示すものではありません。"
        ),
        operator=_(
            "対応の必要はありません。本人に伝わったかどうかは「証拠の強さ」と回答で確認してください。"
        ),
        recipient=_NOTHING,
    ),
    Status.BUSY: Help(
        cause=_("電話をかけましたが、話し中か、圏外か、電源が切れていました。"),
        operator=_("対応の必要はありません。決められた間隔でかけ直します。"),
        recipient=_(
            "メールやアプリなど、別の手段で回答してください。または、次の電話までに、通話を終える、電波の届く所へ移る、電源を入れるなどしてお待ちください。"
        ),
    ),
    Status.NO_ANSWER: Help(
        cause=_("決められた回数（時間）呼び出しましたが、電話に出ませんでした。"),
        operator=_("対応の必要はありません。決められた間隔でかけ直します。"),
        recipient=_(
            "次の電話に出て、案内に従って回答してください。別の手段で回答すると、電話は止まります。"
        ),
    ),
    Status.ADDRESS_ERROR: Help(
        cause=_(
            "メールが戻ってきたか、受け取りを断られました。アドレスの誤り、または受信拒否の設定が原因です。次の連絡からは送信を控えます（「エラーアドレス」）。"
        ),
        operator=_(
            "本人に、アドレスの修正または受信許可の設定を依頼してください。メール以外の手段で知らせる必要があります。"
        ),
        recipient=_(
            "使っていないアドレスの登録を削除し、必要であれば新しい連絡先を登録してください。アドレスが正しい場合は、連絡の送信元のアドレスまたはドメインを受信できるよう、携帯電話会社やメールサービスの設定を変えてください。"
        ),
    ),
    Status.CALL_REJECTED: Help(
        cause=_(
            "端末の設定により、着信が拒否されました。本人に覚えがなくても、ドライブモード、おやすみモード、連絡帳にない番号の自動拒否で起こることがあります。"
        ),
        operator=_("本人に、着信拒否の解除または端末の設定の変更を依頼してください。"),
        recipient=_(
            "発信元の番号を連絡帳に登録してください（団体ごとに最大2つで、ほかの番号からかかることはありません）。着信拒否、ドライブモード、おやすみモードを解除してください。使っていない番号は登録を削除してください。"
        ),
    ),
    Status.WRONG_NUMBER: Help(
        cause=_("桁数が足りないか多すぎるなど、電話番号として正しくありません。"),
        operator=_("登録内容を本人に確認し、番号を修正してください。"),
        recipient=_(
            "正しい番号に修正してください。使っていない番号は登録を削除し、新しい連絡先を登録してください。"
        ),
    ),
    Status.CANCELLED: Help(
        cause=_(
            "送信を待っている間に、連絡が停止されたか、本人が別の手段で確認したため、取り消しました。送信の途中だったものは取り消さず、実際の結果を表示します。"
        ),
        operator=_NOTHING,
        recipient=_NOTHING,
    ),
    Status.KNOWN_BAD: Help(
        cause=_(
            "以前「連絡済(アドレスエラー)」になったアドレスのため、今回は送信していません。「連絡済(アドレスエラー)」は送って失敗したこと、「エラーアドレス」は送らなかったことを表します。"
        ),
        operator=_(
            "本人が気づいていないおそれがあります。別の手段で、アドレスの修正または受信許可の設定を依頼してください。誤って控えている場合は、抑止を解除してください。連絡の最中に解除すると、その連絡も送信します。本人の修正や再確認、担当者の解除がなくても、既定では30日後に自動で解除されます。"
        ),
        recipient=_(
            "アドレスを修正するか、新しい連絡先を登録してください。アドレスが正しい場合は、受信を許可したうえで、アドレスの再確認をしてください。"
        ),
    ),
    Status.LINE_ERROR: Help(
        cause=_("電話回線の不良、または交換機の混雑により、つながりませんでした。"),
        operator=_(
            "対応の必要はありません。自動でかけ直します。多くの人で続く場合は、回線の契約先に確認してください。"
        ),
        recipient=_NOTHING,
    ),
    Status.NO_DEVICE: Help(
        cause=_(
            "機種変更やアプリの削除により、通知サービス（Apple、Google、ブラウザーの提供元）に端末の登録がありません。"
        ),
        operator=_("本人に、連絡先の登録状況の確認を依頼してください。"),
        recipient=_(
            "連絡先の登録画面で「テスト連絡」を行い、今お使いの端末に届く登録を確かめてください。不要な端末の登録は削除してください。"
        ),
    ),
    Status.TOKEN_ERROR: Help(
        cause=_(
            "アプリの通知がオフのまま登録されたなどの理由で、端末の情報が正しく登録されていません。"
        ),
        operator=_("本人に、アプリの通知を許可するよう依頼してください。"),
        recipient=_("アプリの通知をオンにしてから、アプリにもう一度サインインしてください。"),
    ),
    Status.OTHER_ERROR: Help(
        cause=_(
            "上のどれにも当てはまりません。宛先のメールボックスがいっぱい、メールが大きすぎる、再送を繰り返しても受け付けられない、打ち切り時刻を過ぎた（期限切れ）、送信側の設定を理由に拒否された、などを含みます。理由と相手の返答の原文が、配信の記録に残ります。"
        ),
        operator=_(
            "記録の理由を確認してください。送信側の設定（認証、評判、方針、文字コード）が理由の場合は、警報が出ます。denrei doctor で設定を確認してください。"
        ),
        recipient=_(
            "別の手段で回答してください。メールボックスがいっぱいの場合は、空きを作ってください。"
        ),
    ),
    Status.SMS_IN_PROGRESS: Help(
        cause=_("携帯電話会社へ渡し、受領通知を待っています。"),
        operator=_(
            "対応の必要はありません。通知が来ないまま時間が過ぎると「状態不明」になります。"
        ),
        recipient=_("電波の届く所で、電源を入れてお待ちください。"),
    ),
    Status.SMS_RESEND: Help(
        cause=_(
            "配信に失敗し、次の再送を待っています。「再送しない時間帯」にかかる場合は、再送が始まるはずだった時刻に「配信失敗」で確定します。"
        ),
        operator=_NOTHING,
        recipient=_("電波の届く所で、電源を入れてお待ちください。"),
    ),
    Status.SMS_DELIVERED: Help(
        cause=_(
            "端末に届いたとの通知を受けました。読まれたことを示すものではありません。auのキャリア再送では、auが預かった時点で送達になります。その場合の証拠は「端末到達」ではなく「引渡し」です。"
        ),
        operator=_NOTHING,
        recipient=_NOTHING,
    ),
    Status.SMS_FAILED: Help(
        cause=_(
            "再送を使い切ったか、再送しても届かない失敗です。打ち切り時刻を過ぎたもの（期限切れ）も含みます。「現在使われていない番号」のほか、端末の受信拒否、料金の未払い、端末の不具合などがあります。携帯電話会社が理由を示さないときは、理由は空欄です。"
        ),
        operator=_("番号が使われていない場合は、本人に番号の修正を依頼してください。"),
        recipient=_("正しい番号を登録してください。SMSの受信拒否を解除してください。"),
    ),
    Status.SMS_UNKNOWN: Help(
        cause=_(
            "時間内に受領通知が届きませんでした。キャリア再送では72時間（ソフトバンクは1時間）、システム再送では再送の設定から決まる時間です。届いている可能性もあります。"
        ),
        operator=_("対応の必要はありません。急ぐ場合は別の手段で連絡してください。"),
        recipient=_("別の手段で回答してください。"),
    ),
    Status.SMS_OPTED_OUT: Help(
        cause=_(
            "本人が配信の停止を申し出ているため、送信していません。人命に関わる連絡は、停止中でも送信します。"
        ),
        operator=_NOTHING,
        recipient=_("再び受け取りたい場合は、配信停止のページで停止を取り消してください。"),
    ),
}
