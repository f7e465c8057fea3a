"""What colleagues of an organisation do together: comments on pages, and copying from an earlier application."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

__all__ = ["ApplicationCopied", "CommentReopened", "CommentResolved", "CommentWritten"]


@register
class CommentWritten(Event):
    """What was written is not in the record; ``part`` is the page."""

    type = "grants.comment.written"
    sentence = _("commented on a page of the application")
    application: UUID
    part: str


@register
class CommentResolved(Event):
    type = "grants.comment.resolved"
    sentence = _("settled a comment")


@register
class CommentReopened(Event):
    type = "grants.comment.reopened"
    sentence = _("took up a comment again")


@register
class ApplicationCopied(Event):
    """``source`` is the earlier application of the same organisation."""

    type = "grants.application.copied"
    sentence = _("copied from an earlier application")
    source: UUID
