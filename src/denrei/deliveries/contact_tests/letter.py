"""What a テスト連絡 says, in the person's language."""

from __future__ import annotations

from denrei.accounts import senders
from denrei.channels import Content
from denrei.deliveries.contact_tests.models import ContactTest
from denrei.directory.models import Language
from denrei.domain.states import Medium

_SUBJECT = {
    "ja": "【テスト】緊急連絡の受信の確認",
    "en": "[TEST] Can you receive emergency messages?",
}
_BODY = {
    "ja": (
        "これはテストです。返信も回答もいりません。\n"
        "\n"
        "{sender}からの緊急連絡が、この連絡先（{contact}）に届くことを確かめています。"
        "このメールが届いていれば、緊急のときもこの連絡先にお知らせします。\n"
        "\n"
        "発信者：{sender}\n"
    ),
    "en": (
        "This is a test. No answer is needed.\n"
        "\n"
        "{sender} checks whether emergency messages reach this contact ({contact}). "
        "If you read this, we can reach you here in an emergency.\n"
        "\n"
        "From: {sender}\n"
    ),
}
_MEDIA = {"ja": {medium: medium.label for medium in Medium}}
_MEDIA["en"] = {
    Medium.MAIL: "mail ",
    Medium.SMS: "SMS ",
    Medium.PHONE: "phone ",
    Medium.APP: "app ",
}


def of(test: ContactTest) -> Content:
    """Return what is sent; the transaction must act for the organization."""
    person, organization = test.recipient, test.organization
    language = str(person.language) if person.language in _BODY else str(Language.JAPANESE)
    sender = senders.identity(organization, person.unit)
    contact = f"{_MEDIA[language][Medium(test.medium)]}{test.contact.slot}"
    words = {"sender": sender.name or organization.name, "contact": contact}
    return Content(
        key=f"contact-test.{test.pk}",
        subject=_SUBJECT[language],
        body=_BODY[language].format(**words),
        language=language,
        sender_name=sender.name,
        sender_address=sender.address,
        reply_to=sender.reply_to,
    )
