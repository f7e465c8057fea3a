from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("", views.notice_list, name="notice_list"),
    path("read/", views.mark_all_read, name="mark_all_read"),
    path("settings/", views.wishes, name="wishes"),
    path("settings/numbers/", views.number_ask, name="number_ask"),
    path("settings/numbers/<str:way>/prove/", views.number_prove, name="number_prove"),
    path("settings/numbers/<str:way>/erase/", views.number_erase, name="number_erase"),
    path("<uuid:pk>/", views.notice_detail, name="notice_detail"),
]
