from django.urls import path

from organisations.views import bank, decisions, partnerships, passport, people, profile, proofs, review, screening

app_name = "organisations"

urlpatterns = [
    path("", profile.organisation_list, name="list"),
    path("mine/", profile.mine, name="mine"),
    path("new/", profile.register, name="register"),
    path("screening/", screening.screening, name="screening"),
    path("screening/lists/new/", screening.list_new, name="new_sanctions_list"),
    path("screening/likenesses/<uuid:pk>/", screening.hit, name="screening_hit"),
    path("<uuid:pk>/", profile.detail, name="detail"),
    path("<uuid:pk>/screening/", screening.of_organisation, name="of_screening"),
    path("<uuid:pk>/profile/<slug:section>/", profile.section, name="section"),
    path("<uuid:pk>/submit/", profile.submit, name="submit"),
    path("<uuid:pk>/documents/", proofs.proof_list, name="proofs"),
    path("<uuid:pk>/documents/new/", proofs.add, name="add_proof"),
    path("<uuid:pk>/documents/<uuid:proof>/", proofs.download, name="proof_file"),
    path("<uuid:pk>/passport/", passport.passport, name="passport"),
    path("<uuid:pk>/passport/<slug:key>/", passport.item, name="passport_item"),
    path("<uuid:pk>/passport/<slug:key>/give/", passport.give, name="give_passport_item"),
    path("<uuid:pk>/passport/<slug:key>/judge/", passport.judge, name="judge_passport_item"),
    path("<uuid:pk>/passport-documents/<uuid:answer>/", passport.document, name="passport_document"),
    path("<uuid:pk>/people/", people.people_list, name="people"),
    path("<uuid:pk>/people/invite/", people.invite, name="invite"),
    path("<uuid:pk>/people/<uuid:person>/end/", people.end, name="end_person"),
    path("<uuid:pk>/people/invitations/<uuid:invitation>/withdraw/", people.withdraw, name="withdraw_invitation"),
    path("<uuid:pk>/links/", partnerships.partnership_list, name="partnerships"),
    path("<uuid:pk>/links/new/", partnerships.record, name="partnership_record"),
    path("<uuid:pk>/links/<uuid:link>/end/", partnerships.end, name="partnership_close"),
    path("<uuid:pk>/bank-accounts/", bank.account_list, name="bank_accounts"),
    path("<uuid:pk>/bank-accounts/new/", bank.record, name="add_bank_account"),
    path("<uuid:pk>/bank-accounts/<uuid:account>/verify/", bank.verify, name="verify_bank_account"),
    path("<uuid:pk>/bank-accounts/<uuid:account>/retire/", bank.retire, name="retire_bank_account"),
    path("<uuid:pk>/check/", review.review, name="review"),
    path("<uuid:pk>/assessment/", review.assess, name="assess"),
    path("<uuid:pk>/decision/", decisions.decide, name="decide"),
    path("<uuid:pk>/suspend/", decisions.suspend, name="suspend"),
    path("<uuid:pk>/reinstate/", decisions.reinstate, name="reinstate"),
]
