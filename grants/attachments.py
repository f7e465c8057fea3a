"""The field of a question that is answered with a file: it carries the id of the file, which travels by itself."""

import uuid
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from grants.models import Attachment, Question
from grants.states import QuestionKind
from kernel.uploads import DOCUMENTS, JPEG, PNG, Kind, LazyLimit

FILE: Final = "file-"
"""Before a field's name: the file itself, where it is sent with the page."""
DROP: Final = "drop-"
"""Before a field's name: the file is no longer wanted."""
GONE: Final = _("This file is no longer here. Choose it again.")


def kinds_of(question: Question) -> tuple[Kind, ...]:
    """Which files answer the question."""
    return (JPEG, PNG) if question.kind == QuestionKind.IMAGE else DOCUMENTS


class AttachmentInput(forms.Widget):
    """A box for choosing a file, beside what was chosen before; `show` says what that is and where a file is sent."""

    template_name = "grants/widgets/attachment.html"
    needs_multipart_form = True

    def __init__(self, accept: str) -> None:
        super().__init__()
        self.accept = accept
        self.address = ""
        self.current: Attachment | None = None

    def show(self, current: Attachment | None, address: str) -> None:
        """Show the file ``current``; another is sent in pieces to ``address``."""
        self.current, self.address = current, address

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template needs."""
        bare = name.partition("-")[2]
        return super().get_context(name, value, attrs) | {
            "accept": self.accept,
            "address": self.address,
            "current": self.current,
            "file_name": FILE + bare,
            "drop_name": DROP + bare,
            "field": bare,
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The id of the file, or nothing where it was dropped."""
        return "" if DROP + name.partition("-")[2] in data else data.get(name, "")

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: the file may be here already."""
        return False


class AttachmentField(forms.Field):
    """The id of a file; whether it exists and belongs here says `grants.selectors.attachments`."""

    def to_python(self, value: Any) -> str:
        """The id as text, empty for none. Raises ValidationError."""
        if value in self.empty_values:
            return ""
        try:
            return str(uuid.UUID(str(value)))
        except ValueError as error:
            raise ValidationError(GONE, code="gone") from error


def file_field(question: Question, said: dict[str, Any]) -> forms.Field:
    """The field of a question of the kinds `grants.states.FILES`."""
    photo = question.kind == QuestionKind.IMAGE
    limit = _("A photo as JPG or PNG, up to {limit}.") if photo else _("PDF, JPG or PNG, up to {limit}.")
    words = format_lazy(limit, limit=LazyLimit())
    hint = format_lazy("{hint} {limit}", hint=said["help_text"], limit=words) if str(said["help_text"]) else words
    accept = ",".join(sorted(extension for kind in kinds_of(question) for extension in kind.extensions))
    return AttachmentField(widget=AttachmentInput(accept), **{**said, "help_text": hint})
