from django.urls import path

from funds.views import cards, contributions, donors, endings, pledges

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
    path("pledges/<uuid:pk>/invoice/", endings.invoice, name="pledge_invoice"),
    path("pledges/<uuid:pk>/likelihood/", endings.estimate, name="pledge_estimate"),
    path("pledges/<uuid:pk>/documents/new/", endings.document_add, name="pledge_document_add"),
    path("pledges/<uuid:pk>/documents/<uuid:document>/", endings.document, name="pledge_document"),
    path("pledges/<uuid:pk>/write-off/", endings.write_off_ask, name="write_off_ask"),
    path("write-offs/<uuid:pk>/confirm/", endings.write_off_confirm, name="write_off_confirm"),
    path("write-offs/<uuid:pk>/decline/", endings.write_off_decline, name="write_off_decline"),
    path("contributions/<uuid:pk>/return/", endings.return_ask, name="return_ask"),
    path("returns/<uuid:pk>/release/", endings.return_release, name="return_release"),
    path("returns/<uuid:pk>/decline/", endings.return_decline, name="return_decline"),
    path("returns/<uuid:pk>/paid/", endings.return_pay, name="return_pay"),
    path("contributions/", contributions.contribution_list, name="contribution_list"),
    path("contributions/new/", contributions.record, name="contribution_record"),
    path("contributions/<uuid:pk>/", contributions.contribution_detail, name="contribution_detail"),
    path("contributions/<uuid:pk>/confirm/", contributions.confirm, name="contribution_confirm"),
    path("contributions/<uuid:pk>/reject/", contributions.reject, name="contribution_reject"),
    path("gifts/", cards.gift_list, name="gift_list"),
    path("gifts/deliveries/", cards.delivery_list, name="delivery_list"),
    path("gifts/<uuid:pk>/", cards.gift_detail, name="gift_detail"),
    path("gifts/<uuid:pk>/refund/", cards.refund_ask, name="refund_ask"),
    path("refunds/<uuid:pk>/release/", cards.refund_release, name="refund_release"),
    path("refunds/<uuid:pk>/decline/", cards.refund_decline, name="refund_decline"),
    path("payouts/<uuid:pk>/confirm/", cards.payout_confirm, name="payout_confirm"),
    path("pools/<uuid:pk>/gather/", cards.gather, name="gather"),
    path("differences/<uuid:pk>/", cards.difference_explain, name="difference_explain"),
]
