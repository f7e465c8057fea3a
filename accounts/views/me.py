"""A person's own pages: account, confirmation with the second factor."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import second_factor, selectors, services
from accounts.adapter import remember_language
from accounts.forms import LanguageForm
from accounts.http import person, posted


def safe_next(request: HttpRequest, default: str) -> str:
    """Where ``next`` leads if it is a page of this site, else ``default``."""
    path = request.POST.get("next") or request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(path, {request.get_host()}, require_https=request.is_secure())
    return path if path and here else default


def me(request: HttpRequest) -> HttpResponse:
    """My account: language, offices, second factors, devices."""
    user = person(request)
    form = LanguageForm(posted(request), initial={"language": user.language})
    if request.method == "POST" and form.is_valid():
        services.set_language(user, form.cleaned_data["language"])
        response = redirect("accounts:me")
        remember_language(response, user.language)
        return response
    appointments = selectors.appointments_of(user)
    context = {"form": form, "appointments": appointments, "has_factor": second_factor.has_factor(user)}
    return render(request, "accounts/me.html", context)


def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm with the second factor, or enrol one first; comes back to ``next``."""
    back = safe_next(request, reverse("accounts:second_factor_done"))
    if second_factor.is_fresh(request):
        second_factor.forget_way_back(request)
        return redirect(back)
    factors = second_factor.kinds_of(person(request))
    if not factors:
        second_factor.remember_way_back(request, back)
    context = {"next": back, "factors": factors}
    return render(request, "accounts/second_factor.html", context)


def confirmed(request: HttpRequest) -> HttpResponse:
    """The end of a confirmation in a second window: go back to the first one."""
    return render(request, "accounts/second_factor_done.html", {"fresh": second_factor.is_fresh(request)})


def go_on(request: HttpRequest) -> HttpResponse:
    """The end of signing in or unlocking in a second window: the form waits in the first one."""
    return render(request, "accounts/go_on.html")
