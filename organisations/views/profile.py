"""List, passport, registration and profile."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.http import person
from kernel.permissions import Refused, require
from organisations import passport, rules, selectors, services, steps
from organisations.forms import SECTIONS, FilterForm, RegisterForm, SubmitForm
from organisations.models import Organisation
from organisations.views.common import acted, allowed, posted, visible

PAGE = 25


def organisation_list(request: HttpRequest) -> HttpResponse:
    """All organisations, filtered by what stands in the URL."""
    form = FilterForm(request.GET)
    by_account = selectors.finds_by_account(request.user)
    found = selectors.filtered(selectors.visible_to(request.user), **form.filters(), by_account=by_account)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "organisations/organisation_list.html", {"page": page, "form": form, "tones": steps.TONES})


def mine(request: HttpRequest) -> HttpResponse:
    """The person's organisations; straight to the only one."""
    own = list(selectors.organisations_of(request.user))
    if len(own) == 1:
        return redirect("organisations:detail", pk=own[0].pk)
    return render(request, "organisations/organisation_mine.html", {"organisations": own, "tones": steps.TONES})


def register(request: HttpRequest) -> HttpResponse:
    """Make an organisation known; who does it becomes its signatory."""
    require(rules.may_register(Organisation(), actor=person(request)))
    form = RegisterForm(*posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.register(form.cleaned_data, actor=person(request))
        except Refused as refused:
            form.add_error("name_ar" if isinstance(refused, services.NameTaken) else None, str(refused.reason))
        else:
            return redirect("organisations:detail", pk=made.pk)
    return render(request, "organisations/organisation_register.html", {"form": form})


def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The passport: where it stands, its profile, tier and why, and what was recorded."""
    organisation = visible(request, pk)
    context = {
        "organisation": organisation,
        "step": steps.next_step(organisation, request.user, language=get_language() or "ar"),
        "passport": passport.of(organisation, request.user),
        "entries": passport.entries(organisation, request.user),
        "signs": rules.may_keep_listing(organisation, actor=request.user),
    }
    return render(request, "organisations/organisation_detail.html", context)


def section(request: HttpRequest, pk: UUID, section: str) -> HttpResponse:
    """One section of the profile on a page of its own."""
    organisation = allowed(request, pk, rules.may_change_profile)
    if section not in SECTIONS:
        raise Http404
    form = SECTIONS[section](*posted(request), organisation=organisation, locked=rules.locked_fields(organisation))
    answer = acted(
        request,
        form,
        lambda: services.change_profile(organisation, form.cleaned_data, actor=person(request)),
        done=_("Saved."),
        to=reverse("organisations:detail", args=[pk]),
    )
    context = {"form": form, "organisation": organisation, "title": SECTIONS[section].title}
    return answer or render(request, "organisations/organisation_form.html", context)


def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signatory's declarations, then the check begins."""
    organisation = visible(request, pk)
    require(rules.is_person_of(request.user, organisation, "signatory"))
    form = SubmitForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.submit_due_diligence(
            organisation, declarations=form.cleaned_data["declarations"], actor=person(request)
        ),
        done=_("Submitted. The fund answers by the day that stands on this page."),
        to=reverse("organisations:detail", args=[pk]),
    )
    context = {"form": form, "organisation": organisation, "readiness": selectors.readiness(organisation)}
    return answer or render(request, "organisations/organisation_submit.html", context)
