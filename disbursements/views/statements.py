"""The bank's files, their lines, and the differences that wait for somebody."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.http import person
from audit.selectors import timeline
from disbursements import pages, selectors
from disbursements.forms import ExplainForm, HandOverForm, MatchForm, ReturnForm, StatementForm
from disbursements.models import BankStatement, StatementLine
from disbursements.rules import may_take_statement
from disbursements.services import statements
from disbursements.states import LineVerdict, StatementState
from disbursements.views.common import acted
from kernel.permissions import Denied, require

PER_PAGE = 50


def statement_list(request: HttpRequest) -> HttpResponse:
    """The bank's files, and how many lines are open."""
    found = selectors.visible_statements(request.user)
    page = Paginator(found.order_by("-moved_at", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "statements": page.object_list, "tones": pages.STATEMENT_TONES,
        "open": selectors.differences(request.user).count(),
        "takes": may_take_statement(BankStatement(), actor=request.user),
    }  # fmt: skip
    return render(request, "disbursements/statement_list.html", context)


def statement_new(request: HttpRequest) -> HttpResponse:
    """A finance officer gives the bank's file."""
    require(may_take_statement(BankStatement(), actor=request.user))
    form = StatementForm(
        request.POST or None, request.FILES or None, accounts=selectors.fund_accounts(),
        mapping=selectors.last_mapping(request.user),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        taken = statements.take_statement(actor=person(request), **form.taken())
        return redirect(pages.url("statement_detail", taken))
    return render(request, "disbursements/statement_new.html", {"form": form})


def statement_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One file: how far it is read, why it was refused, its lines and what they matched."""
    statement = get_object_or_404(selectors.visible_statements(request.user), pk=pk)
    lines = selectors.lines_of_statement(request.user, statement)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "statement": statement, "tone": pages.STATEMENT_TONES.get(statement.state), "page": page, "lines": page.object_list,
        "reading": statement.state == StatementState.TAKEN, "open": lines.filter(is_open=True).count(),
        "refusal": pages.why_unreadable(statement), "entries": timeline(statement),
    }  # fmt: skip
    return render(request, "disbursements/statement_detail.html", context)


def difference_list(request: HttpRequest) -> HttpResponse:
    """Open lines with their owners, the oldest first; one's own or everybody's."""
    mine = request.GET.get("whose") != "all"
    page = Paginator(selectors.differences(request.user, mine=mine), PER_PAGE).get_page(request.GET.get("page"))
    lines = list(page.object_list)
    context = {"page": page, "lines": lines, "owners": selectors.owners_of(lines), "mine": mine}
    return render(request, "disbursements/difference_list.html", context)


def seen_line(request: HttpRequest, pk: UUID) -> StatementLine:
    """The line, or 404 for who may not know of it."""
    return get_object_or_404(selectors.visible_lines(request.user), pk=pk)


def line_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One line: what the bank says, what it matched or could be, what people decided."""
    line: Any = seen_line(request, pk)
    context = {
        "line": line, "decisions": selectors.decisions_of(line), "owner": selectors.owners_of([line]).get(line.owner),
        "could_be": selectors.candidates(request.user, line) if line.is_open else None,
        "decides": line.is_open and may_take_statement(BankStatement(), actor=request.user),
    }  # fmt: skip
    return render(request, "disbursements/line_detail.html", context)


def _decided(request: HttpRequest, line: Any, form: Any, act: Any, *, title: str, submit: str) -> HttpResponse:
    """The form for one kind of decision, and the decision."""
    require(may_take_statement(BankStatement(), actor=request.user))
    if not line.is_open:
        require(Denied(_("This line is settled already.")))
    answer = acted(request, form, act, done=_("Recorded."), to=pages.url("line_detail", line))
    context = {"line": line, "form": form, "title": title, "submit": submit}
    return answer or render(request, "disbursements/line_act.html", context)


def line_match(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say which payment, contribution or refund the line is."""
    line = seen_line(request, pk)
    form = MatchForm(request.POST or None, candidates=selectors.candidates(request.user, line))
    return _decided(
        request, line, form,
        lambda: statements.decide(line, verdict=LineVerdict.MATCHED, actor=person(request), **form.matched()),
        title=_("What is this line?"), submit=_("Match"),
    )  # fmt: skip


def line_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the bank gave a payment back."""
    line = seen_line(request, pk)
    form = ReturnForm(request.POST or None, payments=selectors.candidates(request.user, line).returned)
    return _decided(
        request, line, form,
        lambda: statements.record_return(
            line, form.cleaned_data["chosen"], reason=form.cleaned_data["reason"], actor=person(request)
        ),
        title=_("A payment came back"), submit=_("Record that it came back"),
    )  # fmt: skip


def line_explain(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what a line is that belongs to nothing here."""
    line, form = seen_line(request, pk), ExplainForm(request.POST or None)
    return _decided(
        request, line, form,
        lambda: statements.decide(line, verdict=LineVerdict.EXPLAINED, actor=person(request), **form.cleaned_data),
        title=_("Explain the line"), submit=_("Record the explanation"),
    )  # fmt: skip


def line_hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an open line to a colleague."""
    line, form = seen_line(request, pk), HandOverForm(request.POST or None, people=selectors.finance_people())
    return _decided(
        request, line, form,
        lambda: statements.decide(line, verdict=LineVerdict.HANDED_OVER, actor=person(request), **form.cleaned_data),
        title=_("Hand the line over"), submit=_("Hand over"),
    )  # fmt: skip
