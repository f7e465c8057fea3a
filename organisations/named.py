"""Every name of an organisation that is compared with lists of sanctions (domain specification §3.15); never beneficiaries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils import timezone

from audit import vault
from audit.sealed import opened_or
from charter.selectors import find_charter_in_force
from organisations.models import BankAccount, ListedEntry, Organisation, PassportAnswer, SanctionsList, ScreeningHit
from organisations.screening.keys import spelling_of
from organisations.states import BankAccountState, HitState, ListState, PartnershipKind, SubjectKind

_ARABIC_RUN: Final = re.compile(r"[\u0620-\u06ff][\u0620-\u06ff \u0640]*")
_LATIN_RUN: Final = re.compile(r"[^\W\d_\u0600-\u06ff][^\W\d_\u0600-\u06ff]*(?:[ '’.\-]+[^\W\d_\u0600-\u06ff]+)*")
_PURPOSE: Final = "screening"
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Subject:
    """A name to compare, and whose it is."""

    kind: SubjectKind
    name: str


def subjects_of(organisation: Organisation) -> list[Subject]:
    """The organisation in both scripts, its host, its partners, its people today, holders of its accounts, whom its passport names."""
    found = dict.fromkeys(one for one in _subjects(organisation) if spelling_of(one.name).parts)
    return sorted(found, key=lambda one: (one.kind, one.name))


def _subjects(organisation: Organisation) -> Iterator[Subject]:
    for name in (organisation.name_ar, organisation.name_latin):
        yield Subject(SubjectKind.ORGANISATION, name)
    if (host := organisation.fiscal_host) is not None:
        for name in (host.name_ar, host.name_latin):
            yield Subject(SubjectKind.FISCAL_HOST, name)
    yield from _partners(organisation)
    today = timezone.localdate()
    held = organisation.people.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today)).select_related("user")
    for person in held:
        yield Subject(SubjectKind.PERSON, person.user.full_name)
    accounts = BankAccount.objects.filter(organisation=organisation).exclude(state=BankAccountState.RETIRED)
    for account in accounts.select_related("data_key"):
        for column in ("holder_latin", "holder_ar"):
            yield Subject(SubjectKind.ACCOUNT_HOLDER, opened_or(account, column, ""))
    yield from _named_in_the_passport(organisation)


def _partners(organisation: Organisation) -> Iterator[Subject]:
    """Partners in a consortium today, in both scripts: money reaches them too."""
    links = organisation.partnerships.filter(kind=PartnershipKind.CONSORTIUM, ends_on__isnull=True)
    for link in links.select_related("partner"):
        for name in (link.partner.name_ar, link.partner.name_latin):
            yield Subject(SubjectKind.PARTNER, name)


def _named_in_the_passport(organisation: Organisation) -> Iterator[Subject]:
    charter = find_charter_in_force()
    keys = [key for key, asked in charter.rules.passport.items.items() if asked.names_people] if charter else []
    if not keys:
        return
    answers = PassportAnswer.objects.filter(organisation=organisation, item__key__in=keys, item__current__isnull=False)
    for answer in answers.filter(pk__in=organisation.passport_items.values("current")).select_related("data_key"):
        for line in opened_or(answer, "text", "").splitlines():
            for run in (_ARABIC_RUN, _LATIN_RUN):
                for name in run.findall(line):
                    if len(spelling_of(name).parts) > 1:
                        yield Subject(SubjectKind.NAMED, name.strip()[:_LONGEST])


# What was compared already ------------------------------------------------------------------------------------------


def index_of(organisation: Organisation, name: str) -> str:
    """The digest by which a name is known again, under the organisation's own key."""
    return vault.digest(organisation.data_key, _PURPOSE, name)


def fingerprint_of(organisation: Organisation, subjects: list[Subject]) -> str:
    """The digest of all names together."""
    return vault.digest(organisation.data_key, f"{_PURPOSE}.all", "\n".join(one.name for one in subjects))


def versions_in_force() -> list[SanctionsList]:
    """The version of each list with which names are compared now."""
    return list(SanctionsList.objects.filter(state=ListState.IN_FORCE).order_by("source"))


def blocking(organisation: Organisation, subjects: list[Subject]) -> list[ScreeningHit]:
    """Likenesses of today's names with what the lists say today that nobody, or only one person, has cleared."""
    hits = ScreeningHit.objects.filter(organisation=organisation).exclude(state=HitState.CLEARED)
    listed = ListedEntry.objects.filter(version__state=ListState.IN_FORCE)
    names = [index_of(organisation, one.name) for one in subjects]
    return list(hits.filter(name_index__in=names, entry_sha256__in=listed.values("sha256")))
