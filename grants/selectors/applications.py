"""Reading applications: who sees which, and lists for the pages of organisations and officers."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from accounts.rules import may_hold
from grants.models import Application, ApplicationUserObjectPermission, ConceptNote, Feedback
from grants.rules import applications as rules
from grants.states import ApplicationState
from kernel.texts import search_key
from organisations.models import Person
from organisations.rules import people_today


def own_ids(user: Any) -> QuerySet[Any, Any]:
    """Ids of the applications of the organisations that ``user`` works for today."""
    people = Person.objects.filter(people_today(), user=user)
    return Application.objects.filter(organisation__in=people.values("organisation")).values("pk")


def granted_ids(user: Any) -> QuerySet[Any, Any]:
    """Ids of the applications that ``user`` was given to read, while the time runs."""
    rows = ApplicationUserObjectPermission.objects.filter(rules.granted_q(user))
    return rows.values("content_object")


def named_ids(user: Any) -> QuerySet[Any, Any]:
    """Of the applications that ``user`` was given to read, those whose applicant is not hidden from scorers now."""
    return granted_ids(user).exclude(rules.blind_q())


def visible_to(user: Any) -> QuerySet[Application]:
    """Own applications; officers: all that were submitted; scorers: those given to them, until they expire.

    While a call is scored without names, its scorers find the application on their own pages alone (`granted_ids`).
    """
    if not user.is_authenticated:
        return Application.objects.none()
    if may_hold(user, *rules.READERS):
        return Application.objects.filter(rules.submitted_q() | Q(pk__in=own_ids(user)))
    # A UNION of two narrow indexes; OR would scan the whole table.
    return Application.objects.filter(pk__in=own_ids(user).union(named_ids(user)))


def with_call(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Together with what their pages show: call, form, organisation."""
    return applications.select_related("call__charter", "organisation").prefetch_related(
        "call__sections__questions", "call__eligibility_questions"
    )


def own(user: Any) -> QuerySet[Application]:
    """Applications of the organisations that ``user`` works for."""
    return Application.objects.filter(pk__in=own_ids(user))


def of_organisation(organisation: Any) -> QuerySet[Application]:
    """An organisation's applications, the latest first."""
    return Application.objects.filter(organisation=organisation).select_related("call").order_by("-created_at", "pk")


def live_application(call: Any, organisation: Any) -> Application | None:
    """The organisation's application in the call that was neither withdrawn nor lapsed."""
    gone = [ApplicationState.WITHDRAWN, ApplicationState.LAPSED]
    return Application.objects.filter(call=call, organisation=organisation).exclude(state__in=gone).first()


@dataclass(frozen=True, slots=True)
class Filters:
    """What the pipeline is narrowed to; empty values narrow nothing."""

    state: str = ""
    call: str = ""
    sector: str = ""
    governorate: str = ""
    text: str = ""


LISTED = (
    "reference", "title", "state", "sector", "governorates", "requested_minor", "submitted_at", "step_due", "call",
    "organisation__name_ar", "organisation__name_latin",
)  # fmt: skip
"""What lists show: the rest, the frozen charter of each row's call above all, would be most of what a page costs."""


def pipeline(user: Any, filters: Filters) -> QuerySet[Application]:
    """Submitted applications that ``user`` sees, narrowed, those with the earliest deadline first."""
    found = visible_to(user).filter(rules.submitted_q()).select_related("call", "organisation")
    found = found.only(*LISTED, "call__reference", "call__currency")
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.call:
        found = found.filter(call__reference=filters.call)
    if filters.sector:
        found = found.filter(sector=filters.sector)
    if filters.governorate:
        found = found.filter(governorates__contains=[filters.governorate])
    if filters.text:
        key = search_key(filters.text)
        found = found.filter(
            Q(reference__icontains=filters.text.strip())
            | Q(organisation__name_key__contains=key)
            | Q(organisation__name_latin__icontains=filters.text.strip())
            | Q(title_key__contains=key)
        )
    return found.order_by("step_due", "submitted_at", "pk")


def state_labels() -> dict[str, str]:
    """States in the reader's language, translated once for a whole list."""
    return {value: str(label) for value, label in ApplicationState.choices}


def counted(applications: QuerySet[Application]) -> tuple[int, int]:
    """How many applications there are, and what they ask for together in minor units; one query for both."""
    found = applications.order_by().aggregate(number=Count("pk"), total=Sum("requested_minor"))
    return found["number"], found["total"] or 0


def to_screen() -> QuerySet[Application]:
    """Applications that wait for an officer, the earliest deadline first."""
    waiting = [ApplicationState.SUBMITTED, ApplicationState.INELIGIBILITY_PROPOSED]
    return (
        Application.objects.filter(state__in=waiting, call__state__in=["closed", "in_review"])
        .select_related("call", "organisation")
        .order_by("step_due", "pk")
    )


def overdue_returns(now: Any) -> QuerySet[Application]:
    """Returned applications whose time for completion has run out."""
    return Application.objects.filter(state=ApplicationState.RETURNED, step_due__lt=now).order_by("step_due")


def overdue_waiting(today: Any) -> QuerySet[Application]:
    """Applications whose place on the waiting list is no longer valid."""
    return Application.objects.filter(state=ApplicationState.WAITLISTED, waiting_until__lt=today).order_by("pk")


def note_of(application: Application) -> ConceptNote | None:
    """The concept note as it was sent, None in a call of one stage or before."""
    if application.call.concept_closes_at is None:
        return None
    return ConceptNote.objects.filter(application=application).first()


def feedback_of(application: Application) -> Feedback | None:
    """The reasons that were given with the last decision."""
    return Feedback.objects.filter(application=application).order_by("recorded_at").last()
