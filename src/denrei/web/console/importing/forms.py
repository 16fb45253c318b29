"""What the import asks of the operator: a file, then the word that it shall be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from denrei.directory.importing.faults import MESSAGES, FileFault
from denrei.directory.intake.receiving import MAX_BYTES
from denrei.web.console.fields import number
from denrei.web.console.forms import Form

MEGABYTES = MAX_BYTES >> 20


class Choose(Form):
    """The file, and what may be created for it."""

    file = forms.FileField(
        label=_("名簿のファイル"),
        help_text=format_lazy(
            _("CSVファイル（.csv）かExcelブック（.xlsx）、{most}MBまで"), most=MEGABYTES
        ),
        allow_empty_file=True,  # an empty one is told so, like every other fault of a file
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={
            "invalid": _("ファイルを受け取れませんでした。もう一度選んでください。"),
            "missing": _("ファイルを受け取れませんでした。もう一度選んでください。"),
        },
    )
    create_missing = forms.BooleanField(
        help_text=_(
            "選ばないと、登録のない名前がある行は取り込みません。名前の書き誤りに気づきやすくなります。"
        ),
        required=False,
    )

    def __init__(
        self, *args: Any, names: Mapping[str, str], too_large: bool = False, **kwargs: Any
    ) -> None:
        """Call the lists as the organization does: `names` as `denrei.accounts.labels.of` says."""
        super().__init__(*args, **kwargs)
        words = _("名簿にない所属・%(groups)s・%(positions)s・世帯を新しく作る")
        self.fields["create_missing"].label = words % names
        self.fields["file"].error_messages["required"] = (
            MESSAGES[FileFault.TOO_LARGE].format(detail=MEGABYTES)
            if too_large
            else _("名簿のファイルを選んでください。")
        )

    @property
    def upload(self) -> tuple[BinaryIO, str]:
        """Return the file of a valid form, and its name."""
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        return cast("BinaryIO", upload.file), upload.name or ""


class Approve(forms.Form):
    """What the page showed when its button was pressed, and the number of people that was typed there."""

    run = forms.IntegerField(min_value=1)
    typed = forms.CharField(required=False, strip=True)

    def __init__(self, *args: Any, people: int, typed_above: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = people
        self.is_typed = people > typed_above

    def clean_typed(self) -> str:
        """Compare the number where one is asked for. ValidationError."""
        typed = str(self.cleaned_data["typed"])
        if self.is_typed and number(typed) != self._people:
            raise forms.ValidationError(_("人数が違います。ボタンにある人数を入力してください。"))
        return typed


class ApproveUndo(Approve):
    """The same for an undoing, which takes back what imports since have confirmed."""

    #: The newest import since, as the page showed it.
    aware = forms.CharField(required=False)

    def __init__(self, *args: Any, newest: int, **kwargs: Any) -> None:
        """Ask for the box where there is one: `newest` as `denrei.directory.intake.since` says."""
        super().__init__(*args, **kwargs)
        self._newest = newest

    @property
    def is_aware(self) -> bool:
        """Whether the box was ticked for all the imports that there are."""
        return self.is_bound and self.data.get("aware") == str(self._newest)

    def clean_aware(self) -> str:
        """Compare the import where there is one. ValidationError."""
        aware = str(self.cleaned_data["aware"])
        if self._newest and not aware:
            raise forms.ValidationError(
                _(
                    "後の取り込みの一覧を確認して、ここに印を付けてください。まだ何も戻していません。"
                )
            )
        if self._newest and not self.is_aware:
            raise forms.ValidationError(
                _(
                    "この画面を表示した後に、別の取り込みがありました。一覧をもう一度確認して、印を付けてください。まだ何も戻していません。"
                )
            )
        return aware
