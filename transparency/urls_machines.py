"""Addresses for programs, and of what helps to find things."""

from django.urls import include, path

from transparency.api.manners import polite
from transparency.views import feeds, finding, machines, tokens

urlpatterns = [
    path("api/", machines.api_page, name="api_page"),
    path("api/v1/", include("transparency.api.urls")),
    path("common-grants/", include("transparency.api.common_grants_urls")),
    path("feeds/<str:language>/news.atom", polite(feeds.feed_news), name="feed_news"),
    path("feeds/<str:language>/calls.ics", polite(feeds.calls_calendar), name="calls_calendar"),
    path("giving/<uuid:pk>/tokens/", tokens.donor_tokens, name="donor_tokens"),
    path("giving/<uuid:pk>/tokens/new/", tokens.donor_token_new, name="donor_token_new"),
    path("giving/tokens/<uuid:pk>/revoke/", tokens.donor_token_revoke, name="donor_token_revoke"),
    path("search/", finding.search, name="search"),
    path("figures/grants/<str:code>/", finding.grant_told, name="grant_told"),
    path("sitemap.xml", polite(feeds.sitemap), name="sitemap"),
    path("robots.txt", polite(feeds.robots), name="robots"),
]
