from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("", views.notice_list, name="notice_list"),
    path("read/", views.mark_all_read, name="mark_all_read"),
    path("<uuid:pk>/", views.notice_detail, name="notice_detail"),
]
