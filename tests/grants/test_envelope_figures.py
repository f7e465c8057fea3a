"""What a call reserved, promised and has free of a contribution opens into its transfers, for the offices that read calls."""

import pytest
from django.urls import reverse

from grants.models import Call, Envelope, Grant
from tests.disbursements.test_figures import opened
from tests.disbursements.test_payment_figures import signed_in
from tests.factories import awards

pytestmark = [pytest.mark.django_db, pytest.mark.database("money_in_motion")]


def test_the_envelopes_of_a_call_open_for_offices_alone() -> None:
    calls = list(Call.objects.filter(envelopes__isnull=False).distinct())
    assert calls
    for person in (awards.finance_officers()[0], awards.board_member(), awards.programme_officer()):
        for call in calls:
            address = reverse("grants:call_manage", args=[call.pk])
            assert opened(signed_in(person), address) == 3 * call.envelopes.count()
    one, other = Envelope.objects.filter(call=calls[0])[0], Envelope.objects.exclude(call=calls[0])[0]
    officer, partner = signed_in(awards.manager()), signed_in(awards.signatory(Grant.objects.filter(state="active")[0]))
    for name in ("reserved", "promised", "free"):
        address = reverse("grants:envelope_figure", args=[one.call_id, one.pk, name])
        assert partner.get(address).status_code in {403, 404}
    for nothing in ([one.call_id, one.pk, "abc"], [one.call_id, other.pk, "free"]):
        assert officer.get(reverse("grants:envelope_figure", args=nothing)).status_code == 404, nothing
