"""What hundreds of tests would make first, made once in template databases by the same factories (`FURNISHING`).

A test begins in the database of its folder (`tests.conftest.FURNISHED`) or in the one that it, or its module, names:
``@pytest.mark.database("deliberating")``. Nothing else changes in it: each factory looks for what it needs before it
makes it (the charter in force, the holder of an office, networks with a vote; `tests.factories.shelf` for more), so the
same test passes in a bare database, only later.
"""

import itertools
from contextlib import ExitStack
from unittest import mock

from poolfund.database.testing import Furniture
from tests.factories import (
    accounts,
    awards,
    charter,
    committees,
    disbursements,
    funds,
    grants,
    motion,
    organisations,
    shelf,
    transparency,
)
from tests.factories.canaries import plant

_COUNTING = (accounts, charter, committees, disbursements, funds, grants, organisations)


def _people_of_the_fund() -> None:
    for holder in (awards.programme_officer, awards.manager, awards.board_member, awards.finance_officers):
        holder()


def fund() -> None:
    """A charter of the default rules that three networks adopted, an administrator at work, a holder of each daily office."""
    charter.ratified_charter()
    _people_of_the_fund()


def fund_of_full_reports() -> None:
    """The same where every grant reports before each tranche, as `awards.awarded_grant` wishes it."""
    charter.ratified_charter(charter.rules_without_light_reporting())
    _people_of_the_fund()


def opened() -> None:
    """A committee of seven that is asked for its declarations on one application."""
    committees.opened(1)


def scoring() -> None:
    """A committee of seven that scores one application."""
    committees.scoring(number=1)


def scoring_two() -> None:
    """A committee of seven that scores two applications."""
    committees.scoring(number=2)


def deliberating() -> None:
    """A committee of seven with one application, all scored."""
    committees.deliberating(number=1)


def active_grant() -> None:
    """A grant of tier L in force, its first tranche due."""
    awards.active_grant(tier="L")


def active_grant_of_tier_m() -> None:
    """A grant of tier M in force, its first tranche due: changes of budgets and extensions begin with it."""
    awards.active_grant(tier="M")


def four_birds() -> None:
    """Four grants in force whose organisations agree to be named."""
    transparency.birds(4)


def canaries() -> None:
    """Six grants, one of them of an organisation that asks to be left out, drafts, history; a canary in every text of it."""
    grants_ = transparency.birds(6)
    transparency.withhold(grants_[2], "name", "place")
    disbursements.pay(grants_[2].tranches.get(number=1))
    grants.draft_application(grants.open_call(), grants_[2].organisation)
    grants.draft_call()
    committees.constituted_committee()
    funds.confirmed_contribution(77_077_77, donor=funds.donor(withhold_name=True))
    transparency.take(transparency.whole_fund())
    plant()


def money_in_motion() -> None:
    """Donors of four kinds, one call, and grants at the beginning, in the middle and at the end of their money."""
    motion.money_in_motion()


def _numbered(begin: int, make: Furniture) -> Furniture:
    """People, organisations and papers of a test are numbered from 1: those before them must not bear their names."""

    def made() -> None:
        with ExitStack() as stack, shelf.filled(make.on):
            for module in _COUNTING:
                name = "_number" if hasattr(module, "_number") else "_numbers"
                stack.enter_context(mock.patch.object(module, name, itertools.count(begin)))
            make.make()

    return Furniture(made, on=make.on)


FURNISHING = {
    name: _numbered(90_001 + 1_000 * index, furniture)
    for index, (name, furniture) in enumerate(
        {
            "fund": Furniture(fund),
            "fund_of_full_reports": Furniture(fund_of_full_reports),
            "opened": Furniture(opened, on="fund"),
            "scoring": Furniture(scoring, on="opened"),
            "deliberating": Furniture(deliberating, on="scoring"),
            "scoring_two": Furniture(scoring_two, on="fund"),
            "active_grant": Furniture(active_grant, on="fund_of_full_reports"),
            "active_grant_of_tier_m": Furniture(active_grant_of_tier_m, on="fund_of_full_reports"),
            "four_birds": Furniture(four_birds, on="fund_of_full_reports"),
            "canaries": Furniture(canaries, on="four_birds"),
            "money_in_motion": Furniture(money_in_motion, on="fund_of_full_reports"),
        }.items()
    )
}
