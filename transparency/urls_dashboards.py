"""Addresses of the dashboards of the fund's own money, under ``figures/``."""

from django.urls import path

from transparency.views import dashboards

urlpatterns = [
    path("", dashboards.overview, name="dashboard_overview"),
    path("<slug:topic>/", dashboards.dashboard, name="dashboard"),
    path("<slug:topic>/<slug:chart>.<slug:kind>", dashboards.chart_table, name="dashboard_table"),
]
