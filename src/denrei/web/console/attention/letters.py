"""What to tell a person whose contact fails, ready to be copied: by status, in the person's language.

Both languages stand here: the letter follows who reads it, not the operator who looks at the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from denrei.directory.models import Language
from denrei.domain.status import Status

_MAIL_JA = """{name} 様

{organization}からの緊急連絡のメールが、次のアドレスに届きませんでした。
　{address}

このままでは、これからの緊急連絡も届きません。次のどちらかをお願いします。

・アドレスを変えたときは、今お使いのアドレスをお知らせください。
・アドレスが正しいときは、携帯電話会社またはメールサービスの設定で、次の送信元からのメールを受信できるようにしてください。設定を変えたら、お知らせください。
{sender}
{organization}
"""
_MAIL_EN = """Dear {name},

An emergency mail from {organization} did not reach this address:
  {address}

Until this is mended, emergency mails will not reach you. Please do one of these:

- If you have changed your address, tell us the one you use now.
- If the address is right, allow mail from the sender below in the settings of your mobile carrier or mail service, and tell us when you have done so.
{sender}
{organization}
"""
_REJECTED_JA = """{name} 様

{organization}からの緊急連絡の電話が、次の番号の端末の設定により拒否されました。
　{address}

このままでは、これからの電話もつながりません。着信拒否、ドライブモード、おやすみモード、連絡帳にない番号の自動拒否の設定を確認し、{organization}からの電話を受けられるようにしてください。
使っていない番号のときは、今お使いの番号をお知らせください。

{organization}
"""
_REJECTED_EN = """Dear {name},

An emergency call from {organization} was rejected by the settings of the phone with this number:
  {address}

Until this is mended, our calls will not reach you. Please look at call blocking, driving mode, do-not-disturb and the rejection of unknown numbers, and let calls from {organization} through.
If you do not use this number any more, tell us the one you use now.

{organization}
"""
_NUMBER_JA = """{name} 様

{organization}に登録されている次の電話番号は、正しい番号ではないため、緊急連絡の電話をかけられません。
　{address}

お手数ですが、今お使いの番号をお知らせください。

{organization}
"""
_NUMBER_EN = """Dear {name},

The phone number that {organization} has of you is not a valid one, so emergency calls cannot reach you:
  {address}

Please tell us the number you use now.

{organization}
"""
_DEVICE_JA = """{name} 様

{organization}の緊急連絡を、アプリに送れませんでした。機種を変えたか、アプリを削除したことが考えられます。

今お使いの端末でアプリに登録し直し、使っていない端末の登録を削除してください。

{organization}
"""
_DEVICE_EN = """Dear {name},

An emergency message from {organization} could not be sent to your app. You may have changed your phone or removed the app.

Please register the app again on the phone you use now, and remove the phones you do not use.

{organization}
"""
_UNHEARD_JA = """{name} 様

{organization}の緊急連絡を、アプリに送れませんでした。アプリの通知がオフになっていることが考えられます。

端末の設定でアプリの通知をオンにしてから、アプリにもう一度サインインしてください。

{organization}
"""
_UNHEARD_EN = """Dear {name},

An emergency message from {organization} could not be sent to your app. Its notifications may be turned off.

Please turn on the notifications of the app in the settings of your phone, then sign in to the app again.

{organization}
"""
LETTERS: Mapping[Status, Mapping[Language, str]] = {
    status: {Language.JAPANESE: japanese, Language.ENGLISH: english}
    for status, japanese, english in (
        (Status.ADDRESS_ERROR, _MAIL_JA, _MAIL_EN),
        (Status.KNOWN_BAD, _MAIL_JA, _MAIL_EN),
        (Status.CALL_REJECTED, _REJECTED_JA, _REJECTED_EN),
        (Status.WRONG_NUMBER, _NUMBER_JA, _NUMBER_EN),
        (Status.NO_DEVICE, _DEVICE_JA, _DEVICE_EN),
        (Status.TOKEN_ERROR, _UNHEARD_JA, _UNHEARD_EN),
    )
}
_SENDERS: Mapping[Language, str] = {
    Language.JAPANESE: "　送信元：{address}（ドメイン：{domain}）",
    Language.ENGLISH: "  Sender: {address} (domain: {domain})",
}


def letter(
    status: Status,
    language: Language,
    *,
    name: str,
    address: str,
    organization: str,
    senders: Sequence[str],
) -> str:
    """Return the letter; `senders` are the addresses that the person should let through."""
    lines = [
        _SENDERS[language].format(address=one, domain=one.partition("@")[2]) for one in senders
    ]
    return LETTERS[status][language].format(
        name=name,
        address=address,
        organization=organization,
        sender="".join(f"{line}\n" for line in lines),
    )
