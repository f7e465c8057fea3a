"""Comments of colleagues on the pages of an application."""

from typing import Any

from django.db import transaction

from audit import lifecycle, vault
from grants import events
from grants.links import link
from grants.models import Application, PartComment
from grants.selectors import parts
from notices.services import notify
from organisations.selectors import users_of


@transaction.atomic
def comment(application: Application, part: str, *, text: str, actor: Any) -> PartComment:
    """Comment on a page; the others of the organisation are told. Raises `Refused`, LookupError for a page unheard of."""
    if parts.part_called(application, part) is None:
        raise LookupError(part)
    written = PartComment(
        application=application, organisation=application.organisation, part=part, text=text, author=actor,
        data_key=vault.key_for(actor.pk),
    )  # fmt: skip
    lifecycle.create(written, events.CommentWritten(application=application.pk, part=part), actor=actor)
    notify(
        [one for one in users_of(application.organisation) if one.pk != actor.pk],
        "grants.comment_written",
        params={"reference": application.reference},
        url=link("application_comments", application.pk, part),
        dedupe_key=str(written.pk),
    )
    return written


def settle(written: PartComment, *, actor: Any) -> PartComment:
    """Say that a comment is settled, or take it up again."""
    event = events.CommentReopened if written.state == "resolved" else events.CommentResolved
    return lifecycle.move(written, event(), actor=actor)
