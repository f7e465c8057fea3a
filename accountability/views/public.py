"""Complaining without signing in, and coming back with the code. Nothing here asks or records who it is."""
# public: what the form of complaints says

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accountability import selectors, services
from accountability.forms import CodeForm, ComplaintForm, MoreForm
from kernel import limits


@never_cache
def complain(request: HttpRequest) -> HttpResponse:
    """The form; the answer shows the code, once for each form however often it is sent."""
    form = ComplaintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if limits.within(request, "complaint", most=settings.COMPLAINTS_PER_HOUR):
            code, complaint = services.receive(**form.cleaned_data, language=(get_language() or "ar")[:2])
            context = {"code": code, "complaint": complaint}
            return render(request, "accountability/complaint_received.html", context)
        form.add_error(None, _("Too much was sent from this line. Try again in an hour; what you wrote is kept here."))
    return render(request, "accountability/complain.html", {"form": form})


@never_cache
def follow_up(request: HttpRequest) -> HttpResponse:
    """Where the complaint of a code stands; who holds the code says more. The code never stands in an address."""
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "accountability/follow_up.html", {"form": form})
    if not limits.within(request, "complaint-code", most=settings.COMPLAINTS_PER_HOUR):
        form.add_error(None, _("Too many codes were tried from this line. Try again in an hour."))
        return render(request, "accountability/follow_up.html", {"form": form})
    found = selectors.by_code(form.cleaned_data["code"])
    if found is None:
        form.add_error("code", _("No complaint has this code. Compare it with what you wrote down."))
        return render(request, "accountability/follow_up.html", {"form": form})
    return _followed(request, found)


def _followed(request: HttpRequest, found: selectors.Followed) -> HttpResponse:
    says = "text" in request.POST
    more = MoreForm(request.POST if says else None, initial={"code": request.POST["code"]})
    if says and more.is_valid():
        services.write(found.complaint, text=more.cleaned_data["text"], actor=None)
        found = selectors.by_code(request.POST["code"]) or found
        more = MoreForm(initial={"code": request.POST["code"]})
    return render(request, "accountability/complaint_followed.html", {"found": found, "form": more, "said": says})
