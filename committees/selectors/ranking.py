"""The ranking of a call as one person may see it: without the files from which that person is recused."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.models import RecordedEvent
from committees import events, ranking
from committees.models import Panel, Recusal
from committees.ranking import Candidate, PortfolioCode, PortfolioFinding, Ranked
from committees.rules import facts, held
from committees.scoring import PanelResult
from committees.selectors import scores
from grants.models import Application, Grant
from grants.states import ApplicationState, GrantState
from kernel import identity
from kernel.places import Governorate

TIES: dict[str, Any] = {
    "participation": _("tie: by community participation"),
    "smaller_organisation": _("tie: the smaller organisation first"),
    "first_time_partner": _("tie: the new partner first"),
    "lot": _("tie: by lot"),
}
SHARES: dict[PortfolioCode, Any] = {
    PortfolioCode.SMALL_AND_MICRO: _(
        "Small and micro organisations: %(part)s %% of the money, the charter asks for %(target)s %%"
    ),
    PortfolioCode.WOMEN_LED: _(
        "Organisations led by women: %(part)s %% of the money, the charter asks for %(target)s %%"
    ),
    PortfolioCode.FIRST_TIME_PARTNER: _("New partners: %(part)s %% of the money, the charter asks for %(target)s %%"),
    PortfolioCode.ONE_ORGANISATION: _(
        "One organisation has %(part)s %% of the envelope, the charter allows %(target)s %%"
    ),
    PortfolioCode.GOVERNORATE: _("No award in %(place)s, which the call named: award or reason"),
}


@dataclass(frozen=True, slots=True)
class PortfolioLine:
    """A share of the portfolio in words."""

    text: str
    passed: bool


@dataclass(frozen=True, slots=True)
class RankRow:
    """An application at its rank. ``whole`` is False for a viewer to whom files are hidden: no money is shown then."""

    rank: int
    application: Application
    mean: str
    result: PanelResult
    ranked: Ranked
    whole: bool

    @property
    def tie(self) -> str:
        """What decided between this application and the one before it at the same score."""
        return str(TIES[self.ranked.decided_by]) if self.ranked.decided_by else ""


def applications_ranked(panel: Panel) -> list[Application]:
    """What competes in the panel: scored and not withdrawn."""
    states = [ApplicationState.DELIBERATION, ApplicationState.DEFERRED, *facts.DECIDED]
    listed = Application.objects.filter(call=panel.call_id, state__in=states)
    return list(listed.select_related("organisation", "call").order_by("reference"))


def lots(panel: Panel, applications: Iterable[Application]) -> dict[UUID, int]:
    """The lot of each application, drawn by the leaf that closed the scoring: unknown before, checkable after."""
    leaf = (
        RecordedEvent.objects.filter(type=events.PanelScoringClosed.type, subject_id=panel.pk)
        .values_list("leaf__leaf_hash", flat=True)
        .last()
    )
    seed = bytes(leaf) if leaf is not None else b""
    drawn = sorted(applications, key=lambda one: hashlib.sha256(seed + one.pk.bytes).digest())
    return {one.pk: number for number, one in enumerate(drawn, start=1)}


@identity.system("committees.ranking")
def candidates(panel: Panel, applications: list[Application]) -> dict[UUID, tuple[Candidate, PanelResult]]:
    """Scored applications as the ranking knows them; a constant number of queries."""
    rules = facts.rules_of(panel.call)
    results = scores.results(panel.call, applications)
    drawn = lots(panel, applications)
    partners = set(
        Grant.objects.filter(organisation__in={one.organisation_id for one in applications})
        .exclude(call=panel.call_id)
        .exclude(state=GrantState.SET_ASIDE)
        .values_list("organisation_id", flat=True)
    )
    small = {"micro", "small"}
    found = {}
    for one in applications:
        result = results.get(one.pk)
        if result is None:
            continue
        spent = one.organisation.last_year_expenditure_minor
        found[one.pk] = (
            Candidate(
                key=str(one.pk),
                organisation=str(one.organisation_id),
                score=result.mean,
                verdict=result.verdict,
                requested_minor=one.requested_minor,
                participation=result.criterion_means.get(rules.scoring.participation_criterion, result.mean),
                last_year_spend_minor=spent,
                first_time_partner=one.organisation_id not in partners,
                lot=drawn[one.pk],
                small_or_micro=rules.organisations.size_band(spent).key in small,
                women_led=one.organisation.women_led,
                governorates=frozenset(one.governorates),
            ),
            result,
        )
    return found


def _rows(panel: Panel, applications: list[Application], *, whole: bool) -> list[RankRow]:
    found = candidates(panel, applications)
    by_key = {str(one.pk): one for one in applications}
    ranked = ranking.rank(
        [candidate for candidate, _result in found.values()],
        held.awardable_minor(panel.call),
        facts.rules_of(panel.call).scoring,
    )
    return [
        RankRow(
            one.rank,
            by_key[one.candidate.key],
            scores.shown(one.candidate.score),
            found[UUID(one.candidate.key)][1],
            one,
            whole,
        )
        for one in ranked
    ]


@identity.system("committees.ranking")
def full_ranking(panel: Panel) -> list[RankRow]:
    """The ranking of the call as decisions are measured by it; for services, not for people."""
    return _rows(panel, applications_ranked(panel), whole=True)


def ranking_visible_to(user: Any, panel: Panel) -> list[RankRow]:
    """The ranking that a person may see.

    Files from which the person is recused are left out before anything is counted: ranks close up, and no sum is shown
    from which they could be worked out.
    """
    listed = applications_ranked(panel)
    hidden = _hidden(user, panel, listed)
    return _rows(panel, [one for one in listed if one.pk not in hidden], whole=not hidden)


@identity.system("committees.hidden")
def _hidden(user: Any, panel: Panel, listed: Iterable[Application]) -> set[UUID]:
    """Applications of the panel that a person may not see: recused from, or (as a member) not declared on."""
    keys = {one.pk for one in listed}
    out = set(
        Recusal.objects.filter(application__call=panel.call_id, seat__user=user).values_list("application", flat=True)
    )
    if facts.oversees(user):
        return out
    out |= set(scores.owes_card(user).filter(application__call=panel.call_id).values_list("application", flat=True))
    shown = Application.objects.filter(facts.declared_on(user), call=panel.call_id).values_list("pk", flat=True)
    return out | (keys - set(shown))


@identity.system("committees.hidden")
def sees_everything(user: Any, panel: Panel) -> bool:
    """Whether nothing of the panel is hidden from a person; only then may sums and ranks of the call be shown."""
    return not _hidden(user, panel, applications_ranked(panel))


def row_of(panel: Panel, application: Application) -> RankRow | None:
    """The place of one application in the full ranking."""
    return next((one for one in full_ranking(panel) if one.application.pk == application.pk), None)


def portfolio(panel: Panel) -> list[PortfolioFinding]:
    """How what the committee approved so far meets the charter's shares; for people who see the whole ranking."""
    applications = [
        one
        for one in applications_ranked(panel)
        if one.state in {ApplicationState.APPROVED, ApplicationState.APPROVED_WITH_CONDITIONS}
    ]
    awarded = [candidate for candidate, _result in candidates(panel, applications).values()]
    return ranking.portfolio(
        awarded,
        envelope_minor=panel.call.envelope_minor,
        governorates=frozenset(panel.call.governorates),
        rules=facts.rules_of(panel.call).scoring,
    )


def portfolio_lines(panel: Panel) -> list[PortfolioLine]:
    """The portfolio against the charter's shares, in words; empty before anything is approved."""
    lines: list[PortfolioLine] = []
    if not facts.approved_minor(panel.call):
        return lines
    for one in portfolio(panel):
        part = one.part_minor * 100 // one.whole_minor if one.whole_minor else 0
        place = Governorate(one.subject).label if one.code is PortfolioCode.GOVERNORATE else ""
        text = SHARES[one.code] % {"part": part, "target": one.target_percent, "place": place}
        lines.append(PortfolioLine(str(text), one.passed))
    return lines
