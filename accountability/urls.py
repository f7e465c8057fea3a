"""Addresses of complaints."""

from django.urls import path

from accountability.views import handling, public

app_name = "accountability"

urlpatterns = [
    path("", public.complain, name="complain"),
    path("follow/", public.follow_up, name="follow_up"),
    path("work/", handling.complaint_list, name="complaint_list"),
    path("work/<uuid:pk>/", handling.complaint_detail, name="complaint_detail"),
    path("work/<uuid:pk>/sort/", handling.complaint_sort, name="complaint_sort"),
    path("work/<uuid:pk>/assign/", handling.complaint_assign, name="complaint_assign"),
    path("work/<uuid:pk>/answer/", handling.complaint_answer, name="complaint_answer"),
    path("work/<uuid:pk>/ask/", handling.complaint_ask, name="complaint_ask"),
    path("work/<uuid:pk>/exclude/", handling.complaint_exclude, name="complaint_exclude"),
]
