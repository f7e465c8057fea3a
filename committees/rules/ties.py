"""Dated ties between organisations, as far as the fund's records show them: consortia, mentors, fiscal hosts.

A tie counts as long as it lasts and for the charter's look-back years after its end (domain specification §4.6). Partners of
an application stand there by name; names are compared folded, in Arabic and in Latin letters.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Max, Q
from django.utils import timezone

from committees.rules import facts
from grants.models import Application, ApplicationPartner, Grant
from kernel import identity
from kernel.texts import search_key
from organisations.models import Organisation, Partnership
from organisations.states import PartnershipKind

PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie of two organisations: its kind, what shows it (a reference, or a basis in words), from when until when."""

    kind: str
    record: str
    starts: date | None
    ends: date | None

    def is_recent(self, since: date) -> bool:
        """Whether it lasts, or ended on ``since`` or later."""
        return self.ends is None or self.ends >= since

    def facts(self, organisation: str) -> dict[str, str]:
        """What is kept beside a recusal or a question; ``organisation`` is the member's."""
        return {
            "kind": self.kind,
            "record": self.record,
            "organisation": organisation,
            "from": self.starts.isoformat() if self.starts else "",
            "until": self.ends.isoformat() if self.ends else "",
        }


@dataclass(slots=True)
class Ties:
    """Ties between organisations by unordered pair, names by key, and the sectors in which each is partner, by call."""

    pairs: defaultdict[frozenset[UUID], list[Tie]] = field(default_factory=lambda: defaultdict(list))
    names: dict[UUID, str] = field(default_factory=dict)
    applied: defaultdict[UUID, list[tuple[UUID, str]]] = field(default_factory=lambda: defaultdict(list))

    def between(self, one: UUID, other: UUID) -> list[Tie]:
        """The ties of two organisations."""
        return self.pairs.get(frozenset({one, other}), []) if one != other else []


@identity.system("committees.ties")
def ties(theirs: Collection[UUID], mine: Collection[UUID]) -> Ties:
    """All ties between an organisation of ``theirs`` (applicants) and one of ``mine`` (of members); five queries."""
    found = Ties()
    theirs, mine = set(theirs), set(mine)
    if not theirs or not mine:
        return found
    organisations = list(Organisation.objects.filter(pk__in=theirs | mine).only(*_NAMED))
    found.names = {one.pk: one.name_ar for one in organisations}
    _add_hosts(found, organisations)
    _add_recorded(found, theirs, mine)
    _add_consortia(found, organisations, theirs, mine)
    return found


_NAMED = ("pk", "name_ar", "name_key", "name_latin", "fiscal_host_id")


def _add_hosts(found: Ties, organisations: Iterable[Organisation]) -> None:
    for one in organisations:
        if one.fiscal_host_id in found.names:
            found.pairs[frozenset({one.pk, one.fiscal_host_id})].append(Tie(PartnershipKind.HOST, PROFILE, None, None))


def _add_recorded(found: Ties, theirs: set[UUID], mine: set[UUID]) -> None:
    either = Q(organisation__in=theirs, partner__in=mine) | Q(organisation__in=mine, partner__in=theirs)
    rows = Partnership.objects.filter(either).order_by("starts_on", "pk")
    for one in rows:
        tie = Tie(one.kind, one.basis, one.starts_on, one.ends_on)
        found.pairs[frozenset({one.organisation_id, one.partner_id})].append(tie)


def _add_consortia(found: Ties, organisations: Iterable[Organisation], theirs: set[UUID], mine: set[UUID]) -> None:
    """Who stands in the same application, as applicant or as partner; drafts say nothing yet."""
    named: dict[str, UUID] = {}
    for one in organisations:
        named[one.name_key] = one.pk
        named.setdefault(search_key(one.name_latin)[:200], one.pk)
    named.pop("", None)
    partners = ApplicationPartner.objects.filter(
        Q(name_key__in=named) | Q(application__organisation__in=theirs | mine),
        application__submitted_at__isnull=False,
    )
    together: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for application, name in partners.values_list("application", "name_key"):
        if name in named:
            together[application].add(named[name])
    grants = Grant.objects.filter(application__in=together).values_list("application")
    ended = dict(grants.annotate(last=Max("ends_on")).order_by())
    rows = Application.objects.filter(pk__in=together).order_by("submitted_at", "pk")
    for key, lead, reference, call, sector, submitted in rows.values_list(
        "pk", "organisation", "reference", "call", "sector", "submitted_at"
    ):
        day = timezone.localdate(submitted)
        tie = Tie(PartnershipKind.CONSORTIUM, reference, day, max(day, ended.get(key) or day))
        inside = together[key] | {lead}
        for own in inside & mine:
            found.applied[own].append((call, facts.sector_key(sector)))
        for pair in {frozenset({one, other}) for one in inside & theirs for other in inside & mine if one != other}:
            found.pairs[pair].append(tie)
