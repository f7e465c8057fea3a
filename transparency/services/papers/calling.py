"""The report of a call: who asked, what was funded, how fast, how it was scored. Small numbers are told together."""

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from charter.selectors import rules_to_begin_with
from grants.models import Application, Call, Criterion, Feedback
from grants.selectors.calls import rules_of
from grants.states import UNSENT, ApplicationState
from kernel.places import Governorate
from transparency import kept_words
from transparency.models import ReleasedGrant
from transparency.selectors import decisions, kept_times
from transparency.selectors.home import outcomes
from transparency.services.papers.parts import Paper, Section, merged, money, parts_of


def call_sections(call: Call) -> Paper:
    """The report of a decided call in the language in force."""
    least = rules_to_begin_with().publication.least_partners
    received = Application.objects.filter(call=call).exclude(state__in=[*UNSENT, ApplicationState.WITHDRAWN])
    told = list(decisions.released().filter(grant__call=call))
    return Paper(
        title=_("Report of the call %(call)s") % {"call": call.reference},
        subtitle=str(call.title),
        currency=call.currency,
        sections=[
            _numbers(call),
            _money(call, received, told, least),
            *_applicants(received, told, least),
            _speed(call),
            _scores(call, told, least),
        ],
    )


def _numbers(call: Call) -> Section:
    row = next((one for one in outcomes() if one.call == call), None)
    if row is None:
        return Section(_("Applications"), _("The committee has not decided on this call."))
    funded = str(row.funded) if row.funded is not None else _("%(told)s or more") % {"told": row.told}
    named = [
        (_("Applications"), str(row.received)),
        (_("Not eligible"), str(row.ineligible)),
        (_("Funded"), funded),
        (_("Waiting list"), str(row.waitlisted)),
        (_("Rejected"), "–" if row.rejected is None else str(row.rejected)),
    ]
    return Section(
        _("Applications"),
        _(
            "How the applications of the call ended. Where a difference would tell of a few withheld grants, a number is not told."
        ),
        (_("What"), _("Number")),
        named,
        (1,),
    )


def _money(call: Call, received: QuerySet[Application], told: list[ReleasedGrant], least: int) -> Section:
    asked = received.aggregate(total=Sum("requested_minor"))["total"] or 0
    granted = sum(row.amount_minor or 0 for row in told)
    number = received.count()
    lines = [(_("Money of the call"), money(call.envelope_minor, call.currency))]
    if number >= least:
        lines.append((_("Asked for in all applications"), money(asked, call.currency)))
    lines.append((_("Granted, told one by one"), money(granted, call.currency)))
    return Section(
        _("Money"),
        _(
            "What was asked for and what was granted. Grants whose amounts are withheld are in the sums of the list of grants."
        ),
        (_("What"), _("Amount")),
        lines,
        (1,),
    )


def _applicants(received: QuerySet[Application], told: list[ReleasedGrant], least: int) -> Iterable[Section]:
    applications = list(received.select_related("organisation", "call"))
    open_ids = {row.grant.application_id for row in told}
    kinds: tuple[tuple[str, str, Callable[[Application], Iterable[str]]], ...] = (
        (_("Applications by governorate"), _("Governorate"), _where),
        (
            _("Applications by type of organisation"),
            _("Type of organisation"),
            lambda one: [one.organisation.get_type_display()],
        ),
        (_("Applications by size of organisation"), _("Spending of the last year"), lambda one: [_size(one)]),
    )
    for title, column, names in kinds:
        counts = Counter(name for one in applications for name in names(one))
        funded = Counter(name for one in applications if one.pk in open_ids for name in names(one))
        rest = _("Others, fewer than %(least)s each") % {"least": least}
        shown = merged(dict(counts), least, rest)
        beside = sum(number for name, number in funded.items() if name not in shown)
        rows = [
            (name, str(number), str(beside if name == rest else funded.get(name, 0))) for name, number in shown.items()
        ]
        yield Section(
            title,
            _("Where fewer than %(least)s applied they are told together.") % {"least": least},
            (column, _("Applications"), _("Funded and told one by one")),
            rows,
            (1, 2),
        )


def _where(application: Application) -> Iterable[str]:
    return [str(Governorate(one).label) for one in application.governorates]


def _size(application: Application) -> str:
    spent = application.organisation.last_year_expenditure_minor or 0
    band = rules_of(application.call).organisations.size_band(spent)
    return band.name.in_language(get_language() or "ar")


def _speed(call: Call) -> Section:
    rows = [
        (
            str(one.name),
            str(one.kept.promised),
            parts_of(one.kept.kept, one.kept.ended),
            "–" if one.kept.middle is None else str(one.kept.middle),
        )
        for one in kept_words.lines(kept_times.kept_of_call(call))
    ]
    return Section(
        _("How fast"),
        _("Working days of each stage beside the promise frozen into the call."),
        (_("Stage"), _("Promised days"), _("Kept"), _("Middle")),
        rows,
        (1, 2, 3),
    )


def _scores(call: Call, told: list[ReleasedGrant], least: int) -> Section:
    """Means over all scored applications, when neither they nor those not told are so few that one could be computed."""
    said = Feedback.objects.filter(application__call=call).exclude(criteria=[]).order_by("recorded_at")
    latest = {one.application_id: one for one in said}
    untold = len(latest) - sum(row.grant.application_id in latest for row in told)
    title = _("Scores by criterion")
    if len(latest) < least or 0 < untold < least:
        return Section(title, _("Too few applications were scored to tell their means."))
    names = dict(Criterion.objects.filter(call=call).values_list("key", "name"))
    points: dict[str, list[Decimal]] = {}
    for one in latest.values():
        for row in one.criteria:
            points.setdefault(row["key"], []).append(Decimal(str(row["mean"])))
    rows = [(str(names.get(key, key)), f"{sum(values) / len(values):.2f}") for key, values in points.items()]
    return Section(
        title,
        _("Means from 0 to 5 over %(number)s scored applications.") % {"number": len(latest)},
        (_("Criterion"), _("Mean")),
        rows,
        (1,),
    )
