"""The form of an answer that an operator heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from denrei.broadcasts.content import Content
from denrei.responses.answering import COMMENT_CHARACTERS, Reply
from denrei.web.console.forms import Form, Line
from denrei.web.console.story.words import HEARD


class HeardForm(Form):
    """回答, 確認した方法, ひとこと; asks for no choice where the broadcast has none."""

    #: Id of the answer that counted when the page was drawn; "" none.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    choice = forms.ChoiceField(label=_("回答"))
    source = forms.ChoiceField(label=_("確認した方法"), choices=[("", ""), *HEARD.items()])
    comment = Line(
        label=_("ひとこと"),
        required=False,
        limit=COMMENT_CHARACTERS,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, content: Content, language: str, **kwargs: Any) -> None:
        super().__init__(auto_id="heard-%s", **kwargs)
        if not content.choices:
            del self.fields["choice"]
            return
        field = self.fields["choice"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", ""),
            *(
                (one.code, f"{one.code} {one.words.in_language(language)}")
                for one in content.choices
            ),
        ]

    @property
    def latest_seen(self) -> int:
        """The answer that the operator had seen; 0 for none."""
        typed: Mapping[str, Any] = self.cleaned_data
        seen = str(typed["seen"])
        return int(seen) if seen.isdecimal() and len(seen) < 19 else 0

    def reply(self, recipient_id: int) -> Reply:
        """Return what was heard, once the form is valid."""
        said = self.cleaned_data
        return Reply(
            recipient_id=recipient_id,
            choice=said.get("choice"),
            source=said["source"],
            comment=said["comment"],
        )
