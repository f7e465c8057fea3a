"""Uploading public files of other funds."""

from typing import Any, BinaryIO

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from kernel.fields import LongTextField
from transparency.ocha.bundle import MAX_UPLOAD_BYTES, BundleRefused, from_uploads
from transparency.ocha.layouts import BY_FILENAME
from transparency.problems import sentence

MAX_FILES = 10


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; each is validated like one."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """The list of files."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(file, initial) for file in files] if files else [super().clean(None)]


class HistoryUploadForm(forms.Form):
    """Files of another fund: single CSV files or one zip."""

    uploads = ManyFilesField(
        label=_("Files"),
        help_text=_("One or more of %(names)s, or a zip that holds them. Together at most %(size)s MB.")
        % {"names": ", ".join(BY_FILENAME), "size": MAX_UPLOAD_BYTES // 1024 // 1024},
        widget=ManyFilesInput(attrs={"accept": ".csv,.zip,text/csv,application/zip"}),
    )
    skip_bad_rows = forms.BooleanField(
        label=_("Import the good rows and leave out the bad ones"),
        help_text=_("Otherwise a single row that cannot be read stops the whole import. Rows left out stay on record."),
        required=False,
    )

    def clean_uploads(self) -> list[tuple[str, BinaryIO]]:
        """Names and contents, within the limits and with at least one known file among them."""
        files: list[UploadedFile[Any]] = self.cleaned_data["uploads"]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(_("Choose at most %(most)s files."), "too_many", {"most": MAX_FILES})
        size = sum(file.size or 0 for file in files)
        if size > MAX_UPLOAD_BYTES:
            most = MAX_UPLOAD_BYTES // 1024 // 1024
            raise forms.ValidationError(
                _("Together the files are larger than %(most)s MB."), "too_large", {"most": most}
            )
        uploads: list[tuple[str, BinaryIO]] = [(file.name or "", file.file) for file in files]  # type: ignore[misc]
        try:
            from_uploads(uploads)
        except BundleRefused as refused:
            raise forms.ValidationError(sentence(refused.code, refused.params), refused.code) from refused
        return uploads


class RollbackReasonForm(forms.Form):
    """Why the rollback of the log is acknowledged, or the proposal withdrawn."""

    reason = LongTextField(label=_("Reason"), max_length=1000, rows=3)


class RollbackForm(RollbackReasonForm):
    """A new epoch of the log, with the leaves that receipts show and the database lost."""

    lost_leaves = LongTextField(
        label=_("Lost leaves"),
        help_text=_("Leaf hashes from receipts of acts that the database no longer has, one a line."),
        max_length=100_000,
        rows=4,
        required=False,
    )

    @property
    def lost(self) -> list[str]:
        """The hashes, one a line, small letters."""
        return [line.strip().lower() for line in self.cleaned_data["lost_leaves"].splitlines() if line.strip()]
