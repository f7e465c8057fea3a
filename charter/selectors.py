"""Reading the charter: the version in force, votes, networks, and the working calendar with its holidays."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import has_role
from audit.context import correlation_id
from audit.needs import Needs
from charter import calendar, rules
from charter.defaults import default_rules
from charter.models import CharterVersion, Holiday, Network, NetworkRepresentative, Ratification, Remark
from charter.schema import CharterRules
from charter.states import CharterState
from kernel.permissions import Refused

_holidays: ContextVar[tuple[UUID, frozenset[date]] | None] = ContextVar("holidays", default=None)


class NoCharterInForce(Refused):
    """The networks have not adopted a charter yet, so nothing that needs its numbers can be done."""

    def __init__(self) -> None:
        super().__init__(_("No charter is in force yet: the networks adopt one first."))


class AnotherVersionBeforeTheNetworks(Refused):
    """One version at a time is put before the networks."""

    def __init__(self) -> None:
        super().__init__(_("Another version is before the networks. Wait for their votes, or withdraw it first."))


class DraftChanged(Refused):
    """Two people wrote on the same draft; the second sees what the first wrote before going on."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody changed this draft after you opened it. Look at it in another window; save again to keep yours."
            )
        )


@dataclass(frozen=True, slots=True)
class VoteCount:
    """How far the networks are with a version: ``needed`` of ``networks`` consent to adopt it."""

    networks: int
    needed: int
    consenting: int
    refusing: int

    @property
    def open(self) -> int:
        """Networks that have not voted."""
        return max(self.networks - self.consenting - self.refusing, 0)

    @property
    def adopted(self) -> bool:
        """Whether the consent is complete."""
        return self.consenting >= self.needed

    @property
    def lost(self) -> bool:
        """Whether it can no longer be reached."""
        return self.consenting + self.open < self.needed


class TooFewNetworks(Refused):
    """Even if all of them consented, the networks that have a vote today could not adopt a version."""

    def __init__(self, count: VoteCount) -> None:
        super().__init__(
            _("%(needed)s networks must consent, and %(networks)s have a vote. Enter the networks first.")
            % {"needed": count.needed, "networks": count.networks}
        )


def charter_in_force() -> CharterVersion:
    """The version that binds the fund now; raises `NoCharterInForce` before the first ratification."""
    version = find_charter_in_force()
    if version is None:
        raise NoCharterInForce
    return version


def find_charter_in_force() -> CharterVersion | None:
    """The version that binds the fund now, or None before the first ratification."""
    return CharterVersion.objects.filter(state=CharterState.RATIFIED).first()


def needs_of_the_log() -> Needs:
    """What the charter asks of the log's witnesses; the default charter's numbers before the first ratification."""
    version = find_charter_in_force()
    asked = (version.rules if version is not None else default_rules()).log
    return Needs(asked.donor_witnesses, asked.network_witnesses, asked.promised_seconds)


def rules_in_force() -> CharterRules:
    """The rules of `charter_in_force`."""
    return charter_in_force().rules


def version_numbered(number: int) -> CharterVersion:
    """The version ``number``: what calls and agreements froze; raises `CharterVersion.DoesNotExist`."""
    return CharterVersion.objects.get(number=number)


def versions_visible_to(user: Any) -> QuerySet[CharterVersion]:
    """Everyone sees what was put before the networks; drafts and what became of them, only those who write."""
    versions = CharterVersion.objects.order_by("-number")
    if has_role(user, *rules.WRITERS):
        return versions
    return versions.filter(proposed_at__isnull=False)


def drafts_visible_to(user: Any) -> QuerySet[CharterVersion]:
    """Drafts, for those who write."""
    return versions_visible_to(user).filter(state=CharterState.DRAFT)


def rules_to_begin_with() -> CharterRules:
    """What a new draft begins with: the rules in force, else the proposal that the software brings."""
    binding = find_charter_in_force()
    return binding.rules if binding is not None else default_rules()


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the list, with the networks that consented and refused."""

    version: CharterVersion
    consenting: int
    refusing: int
    before: int | None
    """The number of the version listed before it, to compare with."""


def versions_with_votes(user: Any) -> list[VersionRow]:
    """The versions that ``user`` may see, the newest first; one query."""
    consenting = Count("ratifications", filter=Q(ratifications__consents=True))
    refusing = Count("ratifications", filter=Q(ratifications__consents=False))
    versions = list(versions_visible_to(user).annotate(consenting=consenting, refusing=refusing))
    numbers: list[int | None] = [*(version.number for version in versions[1:]), None]
    return [
        VersionRow(version, version.consenting, version.refusing, before)
        for version, before in zip(versions, numbers, strict=False)
    ]


def version_before(version: CharterVersion) -> CharterVersion | None:
    """What ``version`` is measured against: the one that it replaced or would replace."""
    adopted = CharterVersion.objects.filter(ratified_at__isnull=False, number__lt=version.number)
    return adopted.order_by("-number").first()


def version_before_the_networks() -> CharterVersion | None:
    """The version that the networks are voting on."""
    return CharterVersion.objects.filter(state=CharterState.PROPOSED).first()


def votes_on(version: CharterVersion) -> QuerySet[Ratification]:
    """The networks' votes on ``version``, in the order in which they were cast."""
    return version.ratifications.select_related("network").order_by("recorded_at", "pk")


def remarks_on(version: CharterVersion) -> QuerySet[Remark]:
    """What was said on ``version``, in the order in which it was said."""
    return version.remarks.select_related("network").order_by("recorded_at", "pk")


def speaks_for(user: Any, version: CharterVersion) -> list[Network | None]:
    """For whom ``user`` may speak on ``version``: networks, and None for the fund. Two queries at most."""
    if not user.is_authenticated or version.state not in rules.DISCUSSED:
        return []
    fund: list[Network | None] = [None] if has_role(user, *rules.WRITERS) else []
    return [*(mandate.network for mandate in mandates_of(user)), *fund]


def count_votes(version: CharterVersion) -> VoteCount:
    """The votes of the networks that have a vote today.

    The charter's own rule for ratification: that of the version in force; a first version is measured by its own.
    """
    binding = find_charter_in_force() or version
    entitled = set(networks_with_vote().values_list("pk", flat=True))
    cast = dict(version.ratifications.values_list("network", "consents"))
    votes = [consents for network, consents in cast.items() if network in entitled]
    return VoteCount(
        networks=len(entitled),
        needed=binding.rules.ratification.needed(len(entitled)),
        consenting=sum(votes),
        refusing=len(votes) - sum(votes),
    )


def networks_with_vote(day: date | None = None) -> QuerySet[Network]:
    """The networks that vote on ``day`` (today)."""
    return Network.objects.filter(rules.voting_on(day or timezone.localdate())).order_by("joined_on", "pk")


def networks() -> QuerySet[Network]:
    """All networks with their mandates, those that left at the end."""
    mandates = NetworkRepresentative.objects.select_related("user").order_by("-starts_on", "pk")
    return Network.objects.prefetch_related(Prefetch("representatives", mandates)).order_by(
        F("left_on").asc(nulls_first=True), "joined_on", "pk"
    )


def mandates() -> QuerySet[NetworkRepresentative]:
    """All mandates."""
    return NetworkRepresentative.objects.select_related("network", "user").order_by("-starts_on", "pk")


def voters() -> QuerySet[User]:
    """Active people who vote for a network today."""
    held = NetworkRepresentative.objects.filter(rules.mandated_on(timezone.localdate())).values("user")
    return User.objects.filter(is_active=True, pk__in=held).order_by("pk")


def mandates_of(user: Any) -> QuerySet[NetworkRepresentative]:
    """The networks for which ``user`` votes today."""
    if not user.is_authenticated:
        return NetworkRepresentative.objects.none()
    today = timezone.localdate()
    return NetworkRepresentative.objects.filter(rules.mandated_on(today), user=user).select_related("network")


def networks_that_wait_for(user: Any) -> list[tuple[CharterVersion, Network]]:
    """The votes that ``user`` has still to cast: the version, and the network to vote for. Two queries at most."""
    if not user.is_authenticated:
        return []
    version = version_before_the_networks()
    if version is None:
        return []
    voted = Ratification.objects.filter(version=version).values("network")
    return [(version, mandate.network) for mandate in mandates_of(user).exclude(network__in=voted)]


def network_of_representative(user: Any, pk: UUID) -> Network:
    """The network ``pk`` if ``user`` votes for it today; raises `Network.DoesNotExist` to everybody else."""
    mandate = mandates_of(user).filter(network=pk).first()
    if mandate is None:
        raise Network.DoesNotExist
    return mandate.network


# The calendar ----------------------------------------------------------------------------------------------------


def holidays() -> frozenset[date]:
    """The days on which the fund's clocks stand still; read once in each request or task."""
    known, here = _holidays.get(), correlation_id()
    if known is not None and known[0] == here:
        return known[1]
    days = frozenset(Holiday.objects.values_list("day", flat=True))
    _holidays.set((here, days))
    return days


def forget_holidays() -> None:
    """Let the next question read the table again."""
    _holidays.set(None)


def holidays_listed(*, from_day: date | None = None) -> QuerySet[Holiday]:
    """Holidays from ``from_day`` on, in order."""
    listed = Holiday.objects.order_by("day")
    return listed.filter(day__gte=from_day) if from_day is not None else listed


def coming_holidays() -> QuerySet[Holiday]:
    """Holidays from the beginning of this year on."""
    return holidays_listed(from_day=timezone.localdate().replace(month=1, day=1))


def end_of_day(day: date) -> datetime:
    """The last second of ``day`` in Damascus."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=timezone.get_default_timezone())


def working_deadline(start: datetime, days: int) -> datetime:
    """The end (in Damascus) of the ``days``-th working day after the day of ``start``."""
    return end_of_day(calendar.add_working_days(timezone.localdate(start), days, holidays()))


def calendar_deadline(start: datetime, days: int) -> datetime:
    """The end (in Damascus) of the ``days``-th calendar day after ``start``, moved on to a working day."""
    return end_of_day(calendar.add_calendar_days(timezone.localdate(start), days, holidays()))
