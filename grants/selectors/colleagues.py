"""Reading comments of colleagues, and earlier applications to copy from."""

from django.db.models import Count, QuerySet

from grants.models import Application, PartComment
from grants.states import CommentState


def comments_of(application: Application, part: str) -> QuerySet[PartComment]:
    """Comments on one page, open ones first, the oldest before the later ones."""
    rows = PartComment.objects.filter(application=application, part=part)
    return rows.select_related("author", "data_key", "application").order_by("state", "moved_at")


def open_by_part(application: Application) -> dict[str, int]:
    """How many comments wait on each page."""
    rows = PartComment.objects.filter(application=application, state=CommentState.OPEN)
    return dict(rows.values_list("part").annotate(Count("pk")).order_by("part"))


def sources_for(application: Application) -> QuerySet[Application]:
    """Other applications of the same organisation, the latest first."""
    rows = Application.objects.filter(organisation=application.organisation_id).exclude(pk=application.pk)
    return rows.filter(saves__isnull=False).distinct().select_related("call").order_by("-created_at", "pk")
