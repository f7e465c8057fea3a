from django.urls import path

from funds.views import contributions, donors, pledges

app_name = "funds"

urlpatterns = [
    path("donors/", donors.donor_list, name="donor_list"),
    path("donors/new/", donors.add, name="donor_add"),
    path("donors/<uuid:pk>/", donors.donor_detail, name="donor_detail"),
    path("donors/<uuid:pk>/edit/", donors.edit, name="donor_edit"),
    path("donors/<uuid:pk>/representatives/new/", donors.add_representative, name="representative_add"),
    path("donors/<uuid:pk>/representatives/<uuid:mandate>/end/", donors.end_representative, name="representative_end"),
    path("donors/<uuid:pk>/pledges/new/", pledges.add, name="pledge_add"),
    path("pledges/", pledges.pledge_list, name="pledge_list"),
    path("pledges/<uuid:pk>/", pledges.pledge_detail, name="pledge_detail"),
    path("pledges/<uuid:pk>/sign/", pledges.sign, name="pledge_sign"),
    path("pledges/<uuid:pk>/withdraw/", pledges.withdraw, name="pledge_withdraw"),
    path("contributions/", contributions.contribution_list, name="contribution_list"),
    path("contributions/new/", contributions.record, name="contribution_record"),
    path("contributions/<uuid:pk>/", contributions.contribution_detail, name="contribution_detail"),
    path("contributions/<uuid:pk>/confirm/", contributions.confirm, name="contribution_confirm"),
    path("contributions/<uuid:pk>/reject/", contributions.reject, name="contribution_reject"),
]
