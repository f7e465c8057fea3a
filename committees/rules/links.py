"""Links of members to applicants that the fund's own records show, declared or not (domain specification §4.6).

Hard grounds recuse without being asked; soft ones ask the member, who answers with a declaration. The records know people
of organisations, dated ties between organisations (`committees.rules.ties`), donors' officers, networks' representatives and
names. Family, money and friendship they do not know: that is what declarations are for.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from audit.sealed import opened_or
from charter.calendar import add_months
from charter.models import NetworkRepresentative
from charter.schema import CommitteeRules
from committees.models import Seat
from committees.rules import facts
from committees.rules.ties import Ties, ties
from committees.states import HARD_GROUNDS, ConflictGround
from funds.models import DonorRepresentative
from grants.models import Application, Envelope
from grants.states import ApplicationState
from kernel.texts import search_key
from organisations.models import Organisation, Person

_G = ConflictGround
_GONE = [ApplicationState.DRAFT, ApplicationState.WITHDRAWN, ApplicationState.LAPSED]


@dataclass(slots=True)
class _Records:
    """What the records know of some people; keys are their ids."""

    linked: defaultdict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    """Organisations in the look-back years."""
    own: defaultdict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    """Organisations today."""
    before: defaultdict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    """Organisations longer ago."""
    donors: defaultdict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    networks: defaultdict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    names: dict[UUID, str] = field(default_factory=dict)
    emails: dict[UUID, str] = field(default_factory=dict)
    since: date = date.min
    """The first day of the look-back years."""


@dataclass(frozen=True, slots=True)
class Link:
    """A ground that the records show; ``evidence`` are the ties behind it, for those who read the register."""

    ground: ConflictGround
    evidence: tuple[dict[str, str], ...] = ()


@dataclass(slots=True)
class _Applicants:
    """What the records know of the organisations that applied."""

    hosts: dict[UUID, UUID | None]
    people: dict[UUID, dict[UUID, str]]
    """Folded names of its people today, by organisation and person."""
    networks: dict[UUID, set[UUID]]
    emails: dict[UUID, str]
    donors: dict[UUID, set[UUID]]
    """Donors whose money is in the call, by call."""
    sectors: defaultdict[UUID, set[str]]
    """Sectors in which an organisation applied in these calls, alone or as a partner."""
    ties: Ties


def links(
    users: Collection[UUID], applications: Iterable[Application], rules: CommitteeRules, *, on: date
) -> dict[tuple[UUID, UUID], list[ConflictGround]]:
    """Every ground that the records show by (person, application), hard ones first; a constant number of queries."""
    found = shown(users, applications, rules, on=on)
    return {key: [one.ground for one in listed] for key, listed in found.items()}


def shown(
    users: Collection[UUID], applications: Iterable[Application], rules: CommitteeRules, *, on: date
) -> dict[tuple[UUID, UUID], list[Link]]:
    """As `links`, each ground with its evidence."""
    listed = list(applications)
    records = _records(users, rules, on=on)
    applicants = _applicants(listed, records)
    found: dict[tuple[UUID, UUID], list[Link]] = {}
    for user in users:
        for one in listed:
            grounds = [*_hard(user, one, records, applicants, rules), *_soft(user, one, records, applicants)]
            if grounds:
                found[user, one.pk] = grounds
    return found


def is_hard(grounds: Iterable[ConflictGround]) -> bool:
    """Whether one of the grounds recuses."""
    return any(one in HARD_GROUNDS for one in grounds)


def _hard(
    user: UUID, one: Application, records: _Records, applicants: _Applicants, rules: CommitteeRules
) -> Iterable[Link]:
    organisation, mine = one.organisation_id, records.linked[user]
    partners = _tied(user, one, records, applicants, recent=True)
    rivals = {sector for key in records.own[user] for sector in applicants.sectors[key]}
    if organisation in mine or (records.emails.get(user) and records.emails[user] == applicants.emails[organisation]):
        yield Link(_G.EMPLOYMENT)
    if partners:
        yield Link(_G.PARTNERSHIP, partners)
    if records.donors[user] & applicants.donors.get(one.call_id, set()):
        yield Link(_G.DONOR_OFFICER)
    if rules.conflicts.own_application_recuses_from_sector and facts.sector_key(one.sector) in rivals:
        yield Link(_G.OWN_APPLICATION)


def _tied(
    user: UUID, one: Application, records: _Records, applicants: _Applicants, *, recent: bool
) -> tuple[dict[str, str], ...]:
    """Ties between the member's organisations and the applicant, of the look-back years or from before them."""
    known = applicants.ties
    return tuple(
        tie.facts(known.names.get(key, ""))
        for key in sorted(records.linked[user], key=str)
        for tie in known.between(one.organisation_id, key)
        if tie.is_recent(records.since) is recent
    )


def _soft(user: UUID, one: Application, records: _Records, applicants: _Applicants) -> Iterable[Link]:
    organisation = one.organisation_id
    people = applicants.people.get(organisation, {})
    host = applicants.hosts.get(organisation)
    past = _tied(user, one, records, applicants, recent=False)
    if past or organisation in records.before[user] - records.linked[user]:
        yield Link(_G.PAST_ACTIVITY, past)
    if records.names.get(user) in {name for person, name in people.items() if person != user}:
        yield Link(_G.SAME_NAME)
    if host is not None and host in {applicants.hosts.get(key) for key in records.linked[user] - {organisation}}:
        yield Link(_G.SAME_HOST)
    if any(records.networks[user] & applicants.networks.get(person, set()) for person in people if person != user):
        yield Link(_G.SAME_NETWORK)


def _records(users: Collection[UUID], rules: CommitteeRules, *, on: date) -> _Records:
    since = add_months(on, -12 * rules.conflicts.look_back_years)
    records = _Records(since=since)
    for user, organisation, ends_on in Person.objects.filter(user__in=users).values_list(
        "user_id", "organisation_id", "ends_on"
    ):
        recent = ends_on is None or ends_on >= since
        (records.linked if recent else records.before)[user].add(organisation)
        if ends_on is None or ends_on >= on:
            records.own[user].add(organisation)
    mandates = DonorRepresentative.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since), user__in=users)
    for user, donor in mandates.values_list("user_id", "donor_id"):
        records.donors[user].add(donor)
    for user, network in Seat.objects.filter(facts.in_term(on), user__in=users, network__isnull=False).values_list(
        "user_id", "network_id"
    ):
        records.networks[user].add(network)
    for user, name, email in User.objects.filter(pk__in=users).values_list("pk", "full_name", "email"):
        records.names[user] = _name(name)
        records.emails[user] = email.casefold()
    return records


def _name(full_name: str) -> str:
    """A name folded for comparison; a single word is no name to go by and matches nobody."""
    key = search_key(full_name)
    return key if " " in key else ""


def _applicants(listed: list[Application], records: _Records) -> _Applicants:
    theirs = {one.organisation_id for one in listed}
    mine = set().union(*records.linked.values()) if records.linked else set()
    rows = list(Organisation.objects.filter(pk__in=theirs | mine).select_related("data_key"))
    people: defaultdict[UUID, dict[UUID, str]] = defaultdict(dict)
    for organisation, user, name in Person.objects.filter(organisation__in=theirs, ends_on__isnull=True).values_list(
        "organisation_id", "user_id", "user__full_name"
    ):
        people[organisation][user] = _name(name) or str(user)
    networks: defaultdict[UUID, set[UUID]] = defaultdict(set)
    speaking = NetworkRepresentative.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=facts.today()),
        user__in={user for found in people.values() for user in found},
    )
    for user, network in speaking.values_list("user_id", "network_id"):
        networks[user].add(network)
    donors: defaultdict[UUID, set[UUID]] = defaultdict(set)
    calls = {one.call_id for one in listed}
    for call, donor in Envelope.objects.filter(call__in=calls).values_list("call_id", "contribution__donor_id"):
        donors[call].add(donor)
    own = set().union(*records.own.values()) if records.own else set()
    tied = ties(theirs, mine)
    return _Applicants(
        hosts={one.pk: one.fiscal_host_id for one in rows},
        people=people,
        networks=networks,
        emails={one.pk: opened_or(one, "email", "").casefold() for one in rows},
        donors=donors,
        sectors=_sectors_of(own, calls, tied),
        ties=tied,
    )


def _sectors_of(organisations: set[UUID], calls: set[UUID], tied: Ties) -> defaultdict[UUID, set[str]]:
    """Sectors in which organisations applied in the calls, or stand as partners in an application."""
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for key in organisations:
        found[key].update(sector for call, sector in tied.applied[key] if call in calls)
    rows = Application.objects.filter(organisation__in=organisations, call__in=calls).exclude(state__in=_GONE)
    for organisation, sector in rows.values_list("organisation_id", "sector"):
        found[organisation].add(facts.sector_key(sector))
    return found
