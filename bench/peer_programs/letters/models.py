"""One mail to one person, and what became of it."""

from __future__ import annotations

from django.db import models


class Letter(models.Model):
    """A mail that waits or was sent."""

    address = models.TextField()
    url = models.TextField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "letters"

    def __str__(self) -> str:
        return f"letter {self.pk}"
