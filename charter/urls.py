from django.urls import path

from charter.views import discussion, drafts, networks, versions

app_name = "charter"

urlpatterns = [
    path("", versions.in_force, name="in_force"),
    path("versions/", versions.version_list, name="version_list"),
    path("versions/<int:number>/", versions.version_detail, name="version_detail"),
    path("versions/<int:number>.json", versions.version_json, name="version_json"),
    path("versions/<int:number>/vote/<uuid:network_id>/", versions.vote, name="vote"),
    path("versions/<int:number>/discuss/", discussion.discuss, name="discuss"),
    path("versions/<int:number>/withdraw/", drafts.withdraw, name="withdraw"),
    path("compare/<int:before>/<int:after>/", versions.compare, name="compare"),
    path("drafts/new/", drafts.create, name="draft_new"),
    path("drafts/<int:number>/", drafts.draft, name="draft"),
    path("drafts/<int:number>/whole/", drafts.whole, name="draft_whole"),
    path("drafts/<int:number>/propose/", drafts.propose, name="propose"),
    path("drafts/<int:number>/<slug:key>/", drafts.section, name="draft_section"),
    path("networks/", networks.network_list, name="network_list"),
    path("networks/new/", networks.network_add, name="network_add"),
    path("networks/<uuid:pk>/", networks.network_detail, name="network_detail"),
    path("networks/<uuid:pk>/end/", networks.network_end, name="network_end"),
    path("networks/<uuid:pk>/mandates/new/", networks.mandate_add, name="mandate_add"),
    path("mandates/<uuid:pk>/end/", networks.mandate_end, name="mandate_end"),
    path("holidays/", networks.holiday_list, name="holiday_list"),
    path("holidays/new/", networks.holiday_add, name="holiday_add"),
    path("holidays/<uuid:pk>/remove/", networks.holiday_remove, name="holiday_remove"),
]
