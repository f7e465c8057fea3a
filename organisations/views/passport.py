"""The passport: its items, one page for each, and the documents in it."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person
from audit.selectors import timeline
from kernel.permissions import require
from kernel.uploads import send_private
from organisations import passport_pages, rules, selectors, services
from organisations.models import Organisation, PassportItem
from organisations.passport_forms import JudgeItemForm, PassportItemForm
from organisations.passport_pages import Row
from organisations.views.common import acted, posted, visible


def _seen(request: HttpRequest, pk: UUID) -> Organisation:
    organisation = visible(request, pk)
    require(rules.may_see_passport(organisation, actor=request.user))
    return organisation


def _row(organisation: Organisation, key: str) -> Row:
    found = passport_pages.row(organisation, key)
    if found is None:
        raise Http404
    return found


def passport(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All items, with their state and their end."""
    organisation = _seen(request, pk)
    context = {
        "organisation": organisation,
        "rows": passport_pages.rows(organisation),
        "belongs": rules.person_role(request.user, organisation),
        "sees_bank_accounts": selectors.sees_bank_accounts(request.user, organisation),
        "may_carry": rules.may_carry_passport(organisation, actor=request.user),
    }
    return render(request, "organisations/passport.html", context)


def item(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """One item: what is asked, what was given, and the form of who reads it."""
    organisation = _seen(request, pk)
    row = _row(organisation, key)
    begun = row.item or PassportItem(organisation=organisation, key=key)
    context = {
        "organisation": organisation,
        "row": row,
        "answers": selectors.passport_answers(organisation, key),
        "entries": timeline(begun),
        "may_give": rules.may_give_item(begun, actor=request.user),
        "may_judge": rules.may_judge_item(begun, actor=request.user) and begun.state not in {"accepted", "waived"},
    }
    return render(request, "organisations/passport_item.html", context)


def give(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """Give an item, for the first time or anew."""
    organisation = _seen(request, pk)
    row = _row(organisation, key)
    require(rules.may_give_item(row.item or PassportItem(organisation=organisation, key=key), actor=request.user))
    form = PassportItemForm(*posted(request), asked=row.asked)
    answer = acted(
        request,
        form,
        lambda: services.give_item(organisation, key, actor=person(request), **form.cleaned_data),
        done=_("The fund has it. It serves every later application too."),
        to=reverse("organisations:passport", args=[pk]),
    )
    context = {"form": form, "organisation": organisation, "row": row}
    return answer or render(request, "organisations/passport_give.html", context)


def judge(request: HttpRequest, pk: UUID, key: str) -> HttpResponse:
    """Accept, return or waive an item."""
    organisation = _seen(request, pk)
    row = _row(organisation, key)
    require(rules.may_judge_item(row.item or PassportItem(organisation=organisation, key=key), actor=request.user))
    current = row.item.current if row.item is not None and row.item.state == "submitted" else None
    form = JudgeItemForm(*posted(request), given=current is not None)
    form.initial["answer"] = current.pk if current is not None else None
    answer = acted(
        request,
        form,
        lambda: services.judge_item(organisation, key, **form.cleaned_data, actor=person(request)),
        done=_("The answer is recorded, and the organisation learns it."),
        to=reverse("organisations:passport", args=[pk]),
    )
    context = {"form": form, "organisation": organisation, "row": row, "current": current}
    return answer or render(request, "organisations/passport_judge.html", context)


def document(request: HttpRequest, pk: UUID, answer: UUID) -> FileResponse:
    """Send one document to who may see the passport."""
    organisation = _seen(request, pk)
    found = get_object_or_404(organisation.passport_answers.exclude(file="").select_related("item"), pk=answer)
    return send_private(found.file, name=f"{found.item.key}-{found.sha256[:8]}")
