"""Speaking on a version of the charter."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.http import person, posted
from charter import selectors, services
from charter.forms import RemarkForm
from kernel.permissions import Refused


def discuss(request: HttpRequest, number: int) -> HttpResponse:
    """A representative says something for a network, or a writer for the fund."""
    version = get_object_or_404(selectors.versions_visible_to(request.user), number=number)
    speaks_for = selectors.speaks_for(request.user, version)
    if not speaks_for:
        raise Http404
    form = RemarkForm(posted(request), speaks_for=speaks_for)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.discuss(
                version, said["body"], network=form.network(), chapter=said["chapter"], actor=person(request)
            )
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Your remark is recorded; the other networks are told."))
            return redirect("charter:version_detail", number=number)
    context = {"version": version, "form": form, "remarks": selectors.remarks_on(version)}
    return render(request, "charter/discuss.html", context, status=422 if form.errors else 200)
