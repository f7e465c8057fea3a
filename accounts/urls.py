from django.urls import path

from accounts.views import invitations, me, offices, people, staff_sessions

app_name = "accounts"

urlpatterns = [
    path("offices/", offices.office_list, name="office_list"),
    path("me/", me.me, name="me"),
    path("confirm/", me.confirm, name="second_factor"),
    path("confirm/done/", me.confirmed, name="second_factor_done"),
    path("go-on/", me.go_on, name="go_on"),
    path("offices/new/", offices.appoint, name="appoint"),
    path("offices/<uuid:pk>/", offices.appointment_detail, name="appointment_detail"),
    path("offices/<uuid:pk>/end/", offices.end_appointment, name="end_appointment"),
    path("staff-session/", staff_sessions.staff_session, name="staff_session"),
    path("staff-session/close/", staff_sessions.close, name="close_staff_session"),
    path("invitations/", invitations.invitation_list, name="invitation_list"),
    path("invitations/new/", invitations.invite, name="invite"),
    path("invitations/<uuid:pk>/withdraw/", invitations.withdraw, name="withdraw_invitation"),
    path("invitation/<str:token>/", invitations.answer, name="invitation"),
    path("accounts/", people.person_list, name="person_list"),
    path("accounts/<uuid:pk>/", people.person_detail, name="person_detail"),
    path("accounts/<uuid:pk>/switch/", people.switch, name="switch_person"),
]
