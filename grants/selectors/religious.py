"""Reading the justifications of lines for zakat and the yield of waqfs."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, Sum

from funds.restrictions import RELIGIOUS, Restriction
from grants.budgets import line_minor
from grants.models import Application, BudgetLine, Call, ReligiousBasis
from grants.states import BasisState, ReligiousClass


def classes_of(call: Call) -> list[ReligiousClass]:
    """The religious classes of money on which a call draws."""
    drawn = call.envelopes.filter(contribution__restriction_class__in=list(RELIGIOUS))
    return [ReligiousClass(one) for one in drawn.values_list("contribution__restriction_class", flat=True).distinct()]


@dataclass(frozen=True, slots=True)
class JustifiedLine:
    """A line of a budget with its cost and its justification, if it has one that was not declined."""

    line: BudgetLine
    minor: int
    basis: ReligiousBasis | None


def bases_of(application: Application) -> QuerySet[ReligiousBasis]:
    """Every justification of an application's lines."""
    return ReligiousBasis.objects.filter(application=application).select_related("proposed_by", "decided_by", "line")


def lines_of(application: Application) -> list[JustifiedLine]:
    """All lines of the budget; two queries."""
    live = bases_of(application).exclude(state=BasisState.DECLINED)
    lines = application.budget_lines.prefetch_related(Prefetch("religious_bases", queryset=live, to_attr="live"))
    return [JustifiedLine(one, line_minor(one), next(iter(one.live), None)) for one in lines]


def justified_minor(application: Application, granted_minor: int) -> dict[Restriction, int]:
    """How much of each religious class an award of ``granted_minor`` may hold: its justified lines, cut as the award is cut."""
    sums = bases_of(application).filter(state=BasisState.APPROVED).order_by().values("restriction")
    asked = max(application.requested_minor, granted_minor)
    found = dict.fromkeys(RELIGIOUS, 0)
    for row in sums.annotate(total=Sum("amount_minor")):
        found[Restriction(row["restriction"])] = int(row["total"]) * granted_minor // asked
    return found
