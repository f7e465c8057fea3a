"""Where search engines may look: the pages that everybody may open, and none that needs a person."""

from datetime import date
from typing import Final
from xml.etree import ElementTree as ET

from django.conf import settings
from django.urls import reverse

from grants.models import Call

NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
PAGES: Final = (
    "transparency:home",
    "grants:call_list",
    "transparency:decision_register",
    "transparency:grants_told",
    "transparency:dashboard_overview",
    "transparency:history_dashboard",
    "transparency:rapid_window",
    "transparency:search",
    "transparency:api_page",
    "charter:in_force",
    "audit:about",
    "audit:verify",
)
"""Pages of the fund that always exist."""
PRIVATE: Final = ("/account/", "/people/", "/work/", "/messages/", "/language/")
"""What is of no use to strangers; no address that is secret stands here, for everybody reads this."""


def sitemap(calls: list[Call]) -> bytes:
    """The sitemap of the public pages and calls."""
    root = ET.Element("urlset", xmlns=NAMESPACE)
    for name in PAGES:
        _place(root, reverse(name))
    for call in calls:
        _place(root, reverse("grants:call_detail", args=[call.pk]), call.moved_at.date())
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _place(root: ET.Element, address: str, changed: date | None = None) -> None:
    entry = ET.SubElement(root, "url")
    ET.SubElement(entry, "loc").text = settings.SITE_URL + address
    if changed is not None:
        ET.SubElement(entry, "lastmod").text = changed.isoformat()


def robots() -> str:
    """The rules for programs that walk through pages."""
    shut = "\n".join(f"Disallow: {place}" for place in PRIVATE)
    return f"User-agent: *\n{shut}\nSitemap: {settings.SITE_URL}{reverse('transparency:sitemap')}\n"
