"""Who took part in a file, computed from every row about it: whoever did judges no appeal of it.

Every row means more than the person who asks may read: the fund itself reads (`identity.system`).
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import users_with_role
from audit.models import RecordedEvent
from committees.models import AgendaItem, Assignment, ConceptScore, Decision, Panel, Recusal, Scorecard, Seat, Vote
from committees.rules import facts
from committees.rules.links import is_hard, links
from grants.models import Application, ApplicationUserObjectPermission
from kernel import identity
from organisations.models import Person

SCREENED = _("screened the application")
SAT = _("sits or sat in the committee that decided")
SCORED = _("was to score the application")
READ = _("was given the application to read")
VOTED = _("voted on the application")
STOOD_BACK = _("was recused from the application")
ACTED = _("acted on the application in the record")
BELONGS = _("belongs or belonged to the organisation")
LINKED = _("the fund's records show a conflict with the organisation")


@identity.system("committees.taking_part")
def involvement(application: Application) -> dict[UUID, list[str | Promise]]:
    """Everyone who took part in a file, with how: computed from every row about it, nothing is declared."""
    found: defaultdict[UUID, list[str | Promise]] = defaultdict(list)

    def add(users: Any, how: str | Promise) -> None:
        for user in {one for one in users if one is not None}:
            found[user].append(how)

    panel = Panel.objects.filter(call=application.call_id).first()
    add([application.screened_by_id], SCREENED)
    if panel is not None:
        add(Seat.objects.filter(committee=panel.committee_id).values_list("user", flat=True), SAT)
    add(Assignment.objects.filter(application=application).values_list("seat__user", flat=True), SCORED)
    add(Vote.objects.filter(item__application=application).values_list("seat__user", flat=True), VOTED)
    add(Recusal.objects.filter(application=application).values_list("seat__user", flat=True), STOOD_BACK)
    grants = ApplicationUserObjectPermission.objects.filter(content_object=application)
    add(grants.exclude(user__appeals__appeal__application=application).values_list("user", flat=True), READ)
    add(_actors(application), ACTED)
    add(Person.objects.filter(organisation=application.organisation_id).values_list("user", flat=True), BELONGS)
    return dict(found)


def _actors(application: Application) -> set[UUID]:
    """Who acted on the application, or on anything that was made of it, before it was appealed."""
    subjects: list[UUID] = [application.pk]
    made: tuple[QuerySet[Any], ...] = (
        AgendaItem.objects.filter(application=application),
        Assignment.objects.filter(application=application),
        Scorecard.objects.filter(assignment__application=application),
        Decision.objects.filter(application=application),
        ConceptScore.objects.filter(application=application),
    )
    for some in made:
        subjects.extend(some.values_list("pk", flat=True))
    rows = RecordedEvent.objects.filter(subject_id__in=subjects, actor__isnull=False)
    return set(rows.values_list("actor", flat=True))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who holds the office of the appeals panel; ``reasons`` say why he cannot judge this file."""

    user: User
    reasons: list[str | Promise]

    @property
    def free(self) -> bool:
        """Whether this person took no part."""
        return not self.reasons


@identity.system("committees.taking_part")
def candidates(application: Application) -> list[Candidate]:
    """Everybody of the appeals office with why not, by name."""
    people = list(users_with_role(Role.APPEALS_PANELIST))
    part = involvement(application)
    rules = facts.rules_of(application.call).committee
    shown = links({one.pk for one in people}, [application], rules, on=facts.today())
    linked = {user for (user, _key), grounds in shown.items() if is_hard(grounds)}
    return [Candidate(one, [*part.get(one.pk, []), *([LINKED] if one.pk in linked else [])]) for one in people]
