"""The public register of organisations that consent to be found."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organisations.listing_forms import RegisterFilterForm
from transparency.selectors import register as selectors


def register(request: HttpRequest) -> HttpResponse:
    """Who stands in the register, narrowed by what stands in the address."""
    form = RegisterFilterForm(request.GET)
    asked = form.asked()
    number = selectors.count(asked)
    page = Paginator(range(number), selectors.PER_PAGE).get_page(request.GET.get("page"))
    first = max(page.start_index() - 1, 0)
    context = {"form": form, "page": page, "number": number, "entries": selectors.entries(asked, first=first)}
    return render(request, "transparency/register.html", context)
