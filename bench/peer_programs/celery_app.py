"""A Celery application with one task: send one mail, and record it."""

from __future__ import annotations

import os
from functools import cache
from smtplib import SMTPException

import django
from celery import Celery

os.environ["DJANGO_SETTINGS_MODULE"] = "peer_settings"
app = Celery("peers")
app.config_from_object("django.conf:settings", namespace="CELERY")
django.setup()

from django.core.mail import EmailMessage, get_connection  # noqa: E402
from django.core.mail.backends.smtp import EmailBackend  # noqa: E402
from django.utils import timezone  # noqa: E402
from letters import texts  # noqa: E402
from letters.models import Letter  # noqa: E402


@cache
def connection() -> EmailBackend:
    """Return the connection of this process, kept from one task to the next."""
    made: EmailBackend = get_connection()
    made.open()
    return made


@app.task
def deliver(number: int) -> None:
    """Send one letter."""
    letter = Letter.objects.get(pk=number)
    mail = EmailMessage(texts.SUBJECT, texts.body(letter.url), texts.SENDER, [letter.address])
    try:
        connection().send_messages([mail])
    except SMTPException:
        connection.cache_clear()
        connection().send_messages([mail])
    Letter.objects.filter(pk=number).update(sent_at=timezone.now())
