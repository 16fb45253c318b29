"""`python -m post_office_peer COUNT`: press, send all, and print how long that took."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "peer_settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from letters import texts  # noqa: E402
from post_office import mail  # noqa: E402
from post_office.models import STATUS, Email  # noqa: E402


def main() -> None:
    """Queue a mail for each person, send the queue until it is empty."""
    count = int(sys.argv[1])
    call_command("migrate", run_syncdb=True, verbosity=0)
    Email.objects.all().delete()
    people = texts.people(count)
    began = time.perf_counter()
    mail.send_many(
        [
            {
                "sender": texts.SENDER,
                "recipients": [address],
                "subject": texts.SUBJECT,
                "message": texts.body(url),
            }
            for address, url in people
        ]
    )
    pressed = time.perf_counter() - began
    mail.send_queued_mail_until_done(lockfile=str(Path.cwd() / "post_office"))
    seconds = time.perf_counter() - began
    assert Email.objects.filter(status=STATUS.sent).count() == count
    print(json.dumps({"seconds": seconds, "pressed_s": pressed}))


main()
