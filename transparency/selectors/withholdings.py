"""Reading what is withheld: by grant, by call, and what the public would read now."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from audit import lifecycle
from charter.calendar import add_months
from charter.selectors import rules_to_begin_with
from grants.models import Call, Grant
from grants.rules.grants import visible_grants
from grants.states import CallState
from kernel import identity
from organisations.rules import is_person_of, memberships_of, person_role
from organisations.selectors import organisations_of
from organisations.states import PersonRole
from transparency import events
from transparency.models import NameConsent, ReleasedGrant, Withholding
from transparency.release.facts import Part, all_withheld
from transparency.selectors.published import SIGNED, row_of
from transparency.states import WITHHOLDS, ConsentState
from transparency.withholding_rules import oversees, visible_withholdings


def visible_to(user: Any) -> QuerySet[Withholding]:
    """Those that the person may read, with their grant or call."""
    if not user.is_authenticated:
        return Withholding.objects.none()
    rows = Withholding.objects.filter(visible_withholdings(user))
    return rows.select_related("grant__organisation", "grant__application", "call", "asked_by", "lift_proposed_by")


def reads_public_view(grant: Grant, user: Any) -> bool:
    """Whether the page of what the public reads is for this person."""
    return oversees(user) or bool(person_role(user, grant.organisation))


def grants_for(user: Any) -> QuerySet[Grant]:
    """Grants whose public view the person may open: all for the secretariat and auditors, else the own ones."""
    grants = Grant.objects.filter(visible_grants(user)).select_related("organisation", "application", "call")
    return grants if oversees(user) else grants.filter(organisation__in=list(memberships_of(user)))


@identity.system("transparency.withheld")
def parts_withheld(grants: Iterable[Grant]) -> dict[object, frozenset[Part]]:
    """What is withheld of each grant now, with what follows from it; of those without consent the name."""
    keys = [one.pk for one in grants]
    asked = {key: set(parts) for key, parts in parts_asked(keys).items()}
    named = NameConsent.objects.filter(grant__in=keys, state=ConsentState.GIVEN).values_list("grant", flat=True)
    for key in {*keys} - {*named}:
        asked.setdefault(key, set()).add(Part.NAME)
    return {grant: all_withheld(parts) for grant, parts in asked.items()}


@identity.system("transparency.asked")
def parts_asked(grants: Iterable[object]) -> dict[object, frozenset[Part]]:
    """What somebody has had withheld of each grant, whether the organisation consents to be named or not."""
    asked: dict[object, set[Part]] = {}
    rows = Withholding.objects.filter(grant__in=list(grants), state__in=WITHHOLDS).values_list("grant", "parts")
    for grant, parts in rows:
        asked.setdefault(grant, set()).update(map(Part, parts))
    return {grant: all_withheld(parts) for grant, parts in asked.items()}


@dataclass(frozen=True, slots=True)
class Naming:
    """Whether the organisation of a grant may be named: its consent, and who may give it or take it back now."""

    consent: NameConsent | None
    withheld: bool
    """Whether the name is withheld for another reason, whatever the organisation says."""
    speaks: bool
    """Whether the reader signs for the organisation."""
    shown_sha256: str

    @property
    def given(self) -> bool:
        """Whether the consent is in force."""
        return self.consent is not None and self.consent.state == ConsentState.GIVEN


def naming(grant: Grant, user: Any) -> Naming:
    """The consent of the grant's organisation, as the reader may act on it."""
    return Naming(
        consent=NameConsent.objects.filter(grant=grant).select_related("given_by").first(),
        withheld=Part.NAME in parts_asked([grant.pk]).get(grant.pk, frozenset()),
        speaks=bool(is_person_of(user, grant.organisation, PersonRole.SIGNATORY)),
        shown_sha256=shown_sha256(grant),
    )


def shown_sha256(grant: Grant) -> str:
    """The fingerprint of what the public will read of a grant whose organisation agrees to be named."""
    organisation, application = grant.organisation, grant.application
    shown = [
        organisation.name_ar, organisation.name_latin, application.title, sorted(application.governorates),
        application.sector, grant.amount_minor, grant.currency, sorted(parts_asked([grant.pk]).get(grant.pk, ())),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()


def to_name(user: Any) -> QuerySet[Grant]:
    """Grants whose organisation has not said yet whether the public may read its name, for who signs for it."""
    named = Withholding.objects.filter(state__in=WITHHOLDS, parts__contains=[Part.NAME]).values("grant")
    organisations = organisations_of(user, PersonRole.SIGNATORY)
    grants = Grant.objects.filter(visible_grants(user), organisation__in=organisations, state__in=SIGNED)
    return grants.filter(name_consent__isnull=True).exclude(pk__in=named.filter(grant__isnull=False))


@dataclass(frozen=True, slots=True)
class PublicView:
    """What the public reads of a grant: its row once it is released, else from ``told_on`` and what will be withheld."""

    row: ReleasedGrant | None
    told_on: date
    withheld: frozenset[Part]

    @property
    def too_alone(self) -> bool:
        """Whether its time has come and it is not told, because alone it would give away what is withheld."""
        if self.row is None:
            return self.told_on < timezone.localdate() and bool(self.withheld)
        return self.row.amount_minor is None and self.row.pool_id is None


def public_view(grant: Grant) -> PublicView:
    """The public's view of a signed grant."""
    signed = timezone.localdate(grant.countersigned_at)
    end_of_delay = add_months(signed.replace(day=1), 1).toordinal() + rules_to_begin_with().publication.delay_days
    return PublicView(row_of(grant), date.fromordinal(end_of_delay), parts_withheld([grant]).get(grant.pk, frozenset()))


@dataclass(frozen=True, slots=True)
class Listed:
    """A withholding with what the person may do with it now."""

    withholding: Withholding
    keep: bool
    propose: bool
    answer: bool


def listed(rows: QuerySet[Withholding], user: Any) -> list[Listed]:
    """The withholdings with the person's acts."""
    return [
        Listed(
            one,
            keep=bool(lifecycle.possible(one, events.WithholdingReviewed(review_on=one.review_on), actor=user)),
            propose=bool(lifecycle.possible(one, events.LiftProposed(), actor=user)),
            answer=bool(lifecycle.possible(one, events.WithholdingLifted(), actor=user)),
        )
        for one in rows
    ]


def of_grant(grant: Grant, user: Any) -> list[Listed]:
    """What is or was withheld of the grant, those in force first."""
    return listed(visible_to(user).filter(grant=grant).order_by("-state", "review_on"), user)


def of_call(call: Call, user: Any) -> list[Listed]:
    """What the call withholds of every later grant."""
    return listed(visible_to(user).filter(call=call).order_by("-state", "review_on"), user)


def in_force(user: Any) -> QuerySet[Withholding]:
    """Everything that is withheld now, what is to be looked at first on top."""
    return visible_to(user).filter(state__in=WITHHOLDS).order_by("review_on", "pk")


def to_review(user: Any) -> QuerySet[Withholding]:
    """Those whose day to be looked at again has come, for the secretariat."""
    if not oversees(user):
        return Withholding.objects.none()
    return in_force(user).filter(review_on__lte=timezone.localdate())


def to_consent(user: Any) -> QuerySet[Withholding]:
    """Proposals to tell that wait for the person's side."""
    return visible_to(user).filter(state="lift_proposed")


def calls_ahead() -> QuerySet[Call]:
    """Calls under which grants can still be signed: what they withhold is decided before."""
    return Call.objects.exclude(state__in=[CallState.COMPLETED, CallState.CANCELLED]).order_by("-created_at")
