"""What a call reserved, promised and has free of a contribution opens into its transfers, for the offices that read calls."""

import pytest
from django.urls import reverse

from grants.models import Call, Envelope, Grant
from grants.services import calls
from tests.disbursements.test_payment_figures import signed_in
from tests.factories import awards
from tests.factories import grants as make
from tests.figures import opened

pytestmark = [pytest.mark.django_db, pytest.mark.database("money_in_motion")]


def test_the_envelopes_of_a_call_open_for_offices_alone() -> None:
    found = list(Call.objects.filter(envelopes__isnull=False).distinct())
    assert found
    for person in (awards.finance_officers()[0], awards.board_member(), awards.programme_officer()):
        client = signed_in(person)
        for call in found:
            address = reverse("grants:call_manage", args=[call.pk])
            assert opened(client, address) == 3 * call.envelopes.count()
    one, other = Envelope.objects.filter(call=found[0])[0], Envelope.objects.exclude(call=found[0])[0]
    officer, partner = signed_in(awards.manager()), signed_in(awards.signatory(Grant.objects.filter(state="active")[0]))
    for name in ("reserved", "promised", "free"):
        address = reverse("grants:envelope_figure", args=[one.call_id, one.pk, name])
        assert partner.get(address).status_code in {403, 404}
    for nothing in ([one.call_id, one.pk, "abc"], [one.call_id, other.pk, "free"]):
        assert officer.get(reverse("grants:envelope_figure", args=nothing)).status_code == 404, nothing


def test_what_went_back_with_a_call_is_reserved_no_more() -> None:
    call = make.approved_call()
    [envelope] = call.envelopes.all()
    calls.cancel(call, actor=awards.board_member(), reason="تغيّرت الأولويات")
    officer = signed_in(awards.finance_officers()[0])
    assert opened(officer, reverse("grants:call_manage", args=[call.pk])) == 3
    shown = officer.get(reverse("grants:envelope_figure", args=[call.pk, envelope.pk, "reserved"]))
    assert (shown.context["total"].minor, shown.context["page"].paginator.count) == (0, 2)
