"""Networks and a charter that they adopted, through the real services."""

import itertools
from datetime import timedelta

from django.utils import timezone
from i18nfield.strings import LazyI18nString

from accounts.models import User
from accounts.roles import Role
from charter import selectors, services
from charter.defaults import default_rules
from charter.models import CharterVersion, Network
from charter.schema import CharterRules
from tests.factories import accounts

_number = itertools.count(1)
SUMMARY = LazyI18nString({"ar": "القواعد التي يبدأ بها الصندوق", "en": "The rules the fund begins with"})


def network(name: str = "", *, representative: User | None = None) -> tuple[Network, User]:
    """A network with a vote since a month, and the person who votes for it."""
    n = next(_number)
    admin = accounts.administrator()
    since = timezone.localdate() - timedelta(days=30)
    name = name or f"شبكة التجربة {n}"
    joined = services.add_network(LazyI18nString({"ar": name, "en": f"Test network {n}"}), joined_on=since, actor=admin)
    voter = representative or accounts.user(f"ممثلة الشبكة {n}")
    services.give_mandate(joined, voter, starts_on=since, actor=admin)
    return joined, voter


def networks(number: int = 3) -> list[tuple[Network, User]]:
    """Networks that vote today, made up to ``number``, each with one who votes for it."""
    existing = [(one, one.representatives.first().user) for one in selectors.networks_with_vote()]  # type: ignore[union-attr]
    return existing + [network() for _ in range(number - len(existing))]


def manager() -> User:
    """The test's fund manager."""
    from accounts.selectors import users_with_role

    return users_with_role(Role.FUND_MANAGER).first() or accounts.officer(Role.FUND_MANAGER, "مديرة الصندوق")


def rules_without_passport() -> CharterRules:
    """The default rules of a fund whose check asks for papers only: tests of the passport bring its items."""
    rules = default_rules()
    return rules.model_copy(update={"passport": rules.passport.model_copy(update={"items": {}})})


def proposed_charter(rules: CharterRules | None = None) -> CharterVersion:
    """A version before the networks."""
    networks()
    writer = manager()
    draft = services.draft_version(rules or rules_without_passport(), SUMMARY, writer)
    return services.propose(draft, actor=writer)


def rules_without_light_reporting() -> CharterRules:
    """The default rules of a fund in which every grant reports before each tranche."""
    rules = rules_without_passport()
    return rules.model_copy(update={"reports": rules.reports.model_copy(update={"light_up_to_minor": 0})})


def ratified_charter(rules: CharterRules | None = None) -> CharterVersion:
    """A version (the default rules, without items of the passport) that the networks adopted."""
    version = proposed_charter(rules)
    for one, voter in networks():
        services.vote(version, one, consents=True, actor=voter)
        version.refresh_from_db()
        if version.state != "proposed":
            break
    return version
