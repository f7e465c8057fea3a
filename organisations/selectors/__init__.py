"""Reading organisations, their people, proofs, assessments and bank accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.roles import Role
from accounts.selectors import has_role, waiting_invitations
from audit import vault
from charter.models import CharterVersion
from charter.selectors import find_charter_in_force, working_deadline
from kernel.texts import search_key
from organisations import alike, banking, rules
from organisations.models import (
    BankAccount,
    CapacityAssessment,
    Organisation,
    Partnership,
    PassportAnswer,
    PassportItem,
    Person,
    RegistrationProof,
)
from organisations.rules.due_diligence import valid_proofs
from organisations.rules.profile import PURPOSE
from organisations.states import BankAccountState, OrganisationState, OrganisationType, PassportState, PersonRole

MOST_ALIKE = 10
"""So many similar names are shown at once."""


def visible_to(user: Any) -> QuerySet[Organisation]:
    """The organisations that ``user`` may see: all for officers, the board and auditors, else the own ones."""
    return Organisation.objects.filter(rules.seen_by(user))


def organisations_of(user: Any, *roles: str) -> QuerySet[Organisation]:
    """Organisations in which ``user`` holds one of ``roles`` (default: any) today."""
    held = rules.memberships_of(user)
    wanted = [pk for pk, role in held.items() if not roles or role in roles]
    return Organisation.objects.filter(pk__in=wanted).order_by("name_ar", "pk")


def eligible() -> QuerySet[Organisation]:
    """Organisations that may apply today: found eligible, not suspended, the finding not past its end."""
    return Organisation.objects.filter(is_eligible_now())


def is_eligible_now() -> Q:
    """As `eligible`, for joins."""
    return Q(state=OrganisationState.ELIGIBLE) & (
        Q(eligible_until__isnull=True) | Q(eligible_until__gte=timezone.localdate())
    )


def may_apply_now(organisation: Organisation) -> bool:
    """Whether one organisation, as loaded, may apply today."""
    until = organisation.eligible_until
    return organisation.state == OrganisationState.ELIGIBLE and (until is None or until >= timezone.localdate())


def filtered(
    organisations: QuerySet[Organisation],
    *,
    state: str = "",
    governorate: str = "",
    tier: str = "",
    words: str = "",
    by_account: bool = False,
) -> QuerySet[Organisation]:
    """``organisations`` in one state, working in one governorate, of one tier, whose name contains ``words``.

    ``by_account``: an account number in place of a name finds whose it is; for readers of bank details only.
    """
    found = organisations.order_by("name_ar", "pk")
    if state:
        found = found.filter(state=state)
    if governorate:
        found = found.filter(governorates__contains=[governorate])
    if tier:
        found = found.filter(tier=tier)
    if words:
        named = Q(name_key__contains=search_key(words)) | Q(name_latin__icontains=words)
        found = found.filter(named | Q(pk__in=with_number(words).values("organisation")) if by_account else named)
    return found


def people_of(organisation: Organisation) -> QuerySet[Person]:
    """The people of an organisation today, signatories first."""
    return (
        Person.objects.filter(rules.people_today(), organisation=organisation)
        .select_related("user")
        .order_by("-role", "user__full_name", "pk")
    )


def users_of(organisation: Organisation, *roles: str) -> list[User]:
    """Active people of an organisation as users, for notices."""
    people = people_of(organisation).filter(user__is_active=True)
    return [person.user for person in people if not roles or person.role in roles]


def partnerships_of(organisation: Organisation) -> QuerySet[Partnership]:
    """Links of an organisation on either side, those that last first, then the latest."""
    rows = Partnership.objects.filter(Q(organisation=organisation) | Q(partner=organisation))
    return rows.select_related("organisation", "partner").order_by(
        F("ends_on").desc(nulls_first=True), "-starts_on", "pk"
    )


def invitations_of(organisation: Organisation) -> QuerySet[Invitation]:
    """Invitations that still wait for an answer."""
    return waiting_invitations(PURPOSE, organisation.pk)


def proofs_of(organisation: Organisation) -> QuerySet[RegistrationProof]:
    """All proofs, the newest first."""
    return organisation.proofs.order_by("-recorded_at")


def valid_proofs_of(organisation: Organisation) -> QuerySet[RegistrationProof]:
    """Proofs that are not past their date."""
    return proofs_of(organisation).filter(valid_proofs())


def passport_items(organisation: Organisation) -> dict[str, PassportItem]:
    """The items that the organisation gave or that were waived, by key."""
    items = organisation.passport_items.select_related("current__data_key", "current__vouched__fund", "reviewed_by")
    return {one.key: one for one in items}


def passport_answers(organisation: Organisation, key: str) -> QuerySet[PassportAnswer]:
    """What was given for an item, the newest first."""
    answers = organisation.passport_answers.filter(item__key=key)
    answers = answers.select_related("data_key", "given_by", "vouched__fund")
    return answers.order_by("-recorded_at")


def items_to_judge() -> QuerySet[PassportItem]:
    """Items that wait for a programme officer, outside of a first check (which shows them together), the oldest first."""
    waiting = PassportItem.objects.filter(state=PassportState.SUBMITTED).select_related("organisation")
    early = (OrganisationState.REGISTERED, OrganisationState.DD_SUBMITTED, OrganisationState.DD_RETURNED)
    return waiting.exclude(organisation__state__in=early).order_by("moved_at")


def items_ending_by(day: date) -> list[PassportItem]:
    """Accepted items that end on ``day`` or before, the earliest first."""
    ending = PassportItem.objects.filter(state=PassportState.ACCEPTED, valid_until__lte=day)
    return list(ending.select_related("organisation").order_by("valid_until", "pk"))


def own_items_to_mend(user: Any, day: date) -> QuerySet[PassportItem]:
    """Items of the organisations of ``user`` that were returned, or that end by ``day``."""
    own = PassportItem.objects.filter(organisation__in=list(rules.memberships_of(user))).select_related("organisation")
    ending = Q(state=PassportState.ACCEPTED, valid_until__lte=day)
    return own.filter(ending | Q(state=PassportState.RETURNED)).order_by("valid_until", "pk")


def latest_assessment(organisation: Organisation) -> CapacityAssessment | None:
    """The assessment that the score comes from."""
    return organisation.assessments.select_related("assessor").order_by("-recorded_at").first()


def sees_bank_accounts(user: Any, organisation: Organisation) -> bool:
    """Whether ``user`` may see the organisation's bank details."""
    return bool(rules.may_see_bank_accounts(organisation, actor=user))


def finds_by_account(user: Any) -> bool:
    """Whether ``user`` may find an organisation by its account number."""
    return has_role(user, *rules.BANK_READERS)


def verifies_bank_accounts(user: Any) -> bool:
    """Whether ``user`` verifies accounts that others recorded."""
    return has_role(user, Role.FINANCE_OFFICER)


def bank_accounts_visible_to(user: Any) -> QuerySet[BankAccount]:
    """Bank accounts that ``user`` may see."""
    accounts = BankAccount.objects.select_related("organisation", "data_key", "recorded_by", "verified_by")
    if has_role(user, *rules.BANK_READERS):
        return accounts
    signing = [pk for pk, role in rules.memberships_of(user).items() if role == PersonRole.SIGNATORY]
    return accounts.filter(organisation__in=signing)


def bank_accounts_of(organisation: Organisation) -> QuerySet[BankAccount]:
    """Bank accounts of an organisation, those in use first."""
    accounts = organisation.bank_accounts.select_related("data_key", "recorded_by", "verified_by", "change")
    return accounts.order_by("state", "-moved_at")


def with_number(number: str) -> QuerySet[BankAccount]:
    """Accounts with this number that are in use or wait for verification, whoever's they are."""
    found = vault.indexes(banking.NUMBER, banking.normalised_number(number))
    return BankAccount.objects.filter(number_index__in=found).exclude(state=BankAccountState.RETIRED)


def same_numbers(account: BankAccount) -> QuerySet[BankAccount]:
    """Other accounts in use with the number of ``account``: of its organisation, or of another, which asks for a look."""
    return with_number(account.number).exclude(pk=account.pk).select_related("organisation")


def usable_bank_accounts(organisation: Organisation, *, at: datetime | None = None) -> QuerySet[BankAccount]:
    """Accounts to which money may be sent at the moment ``at`` (now): verified, past the pause, their details not erased."""
    usable = organisation.bank_accounts.filter(
        state=BankAccountState.VERIFIED, usable_from__lte=at or timezone.now(), data_key__wrapped__isnull=False
    )
    return usable.select_related("data_key").order_by("-usable_from")


def look_alikes(name_ar: str, name_latin: str, *, besides: Organisation | None = None) -> list[Organisation]:
    """Organisations whose Arabic or Latin name reads the same."""
    same = Organisation.objects.filter(Q(name_key=search_key(name_ar)[:200]) | Q(name_latin__iexact=name_latin))
    if besides is not None:
        same = same.exclude(pk=besides.pk)
    return list(same.order_by("name_ar")[:5])


def international_keys() -> set[str]:
    """The folded names, in both scripts, of the international organisations that the fund knows."""
    rows = Organisation.objects.filter(type=OrganisationType.INGO).values_list("name_key", "name_latin")
    return {key for arabic, latin in rows for key in (arabic, search_key(latin)[:200])}


def kinds_by_name() -> dict[str, str]:
    """The type of every organisation that the fund knows, by its folded names in both scripts; the Arabic one is unique."""
    rows = Organisation.objects.values_list("name_key", "name_latin", "type")
    latin = {search_key(name)[:200]: kind for _key, name, kind in rows if name}
    return latin | {key: kind for key, _name, kind in rows}


def names_to_compare(organisation: Organisation) -> list[Organisation]:
    """Other organisations whose names a reader may take for this one's, in Arabic or in Latin letters: for the secretariat."""
    arabic, latin = alike.arabic_key(organisation.name_ar), alike.latin_key(organisation.name_latin)
    others = Organisation.objects.exclude(pk=organisation.pk).values_list("pk", "name_ar", "name_latin")
    found = [
        pk
        for pk, name_ar, name_latin in others.iterator()
        if alike.are_alike(arabic, alike.arabic_key(name_ar)) or alike.are_alike(latin, alike.latin_key(name_latin))
    ]
    return list(Organisation.objects.filter(pk__in=found[:MOST_ALIKE]).order_by("name_ar"))


def possible_hosts(organisation: Organisation | None = None) -> QuerySet[Organisation]:
    """Organisations that may host another's money: eligible ones."""
    hosts = eligible().order_by("name_ar")
    return hosts.exclude(pk=organisation.pk) if organisation is not None else hosts


def due_on(organisation: Organisation, *, charter: CharterVersion | None = None) -> datetime | None:
    """Until when the next step is promised, by the deadlines of ``charter`` (in force); None where nobody is awaited."""
    charter = charter or find_charter_in_force()
    if charter is None:
        return None
    deadlines = charter.rules.deadlines
    days = {
        OrganisationState.DD_SUBMITTED: deadlines.due_diligence_days,
        OrganisationState.DD_RETURNED: deadlines.due_diligence_return_days,
        OrganisationState.DD_CLEARED: deadlines.capacity_desk_days,
        OrganisationState.ASSESSED: deadlines.tier_decision_days,
    }.get(OrganisationState(organisation.state))
    return working_deadline(organisation.moved_at, days) if days is not None else None


@dataclass(frozen=True, slots=True)
class Readiness:
    """What of the profile is done; ``missing`` are sentences."""

    missing: list[Any]

    @property
    def complete(self) -> bool:
        return not self.missing


def readiness(organisation: Organisation) -> Readiness:
    """Whether the profile may be submitted for the check."""
    return Readiness(rules.missing_for_due_diligence(organisation))


def waiting(states: Iterable[str]) -> QuerySet[Organisation]:
    """Organisations in one of ``states``, the longest waiting first."""
    return Organisation.objects.filter(state__in=list(states)).order_by("moved_at")


def bank_accounts_to_verify() -> QuerySet[BankAccount]:
    """Accounts that wait for a second person; changes of bank details wait for their own checks."""
    return (
        BankAccount.objects.filter(
            state=BankAccountState.RECORDED, data_key__wrapped__isnull=False, change__isnull=True
        )
        .select_related("organisation", "data_key")
        .order_by("moved_at")
    )
