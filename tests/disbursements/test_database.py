"""What PostgreSQL refuses to raw SQL of the application's own role."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from disbursements.models import Payment, Tranche
from tests.factories import awards
from tests.factories import disbursements as money

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]


def refused(sql: str, *values: Any) -> str:
    """The refusal of one statement, checked to the end of the transaction."""

    def run() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError) as caught:
        run()
    return str(caught.value)


def stands(constraint: str) -> bool:
    """Whether PostgreSQL holds a valid constraint of this name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT convalidated FROM pg_constraint WHERE conname = %s", [constraint])
        return cursor.fetchone() == (True,)


def test_a_payment_has_two_people_and_its_slip() -> None:
    payment = money.prepared_payment(tier="L")
    table = Payment._meta.db_table
    # The guard of recorded fields comes first; the constraint stands behind it.
    assert "changes with a recorded move only" in refused(
        f"UPDATE {table} SET checker_id = maker_id WHERE id = %s", payment.pk
    )
    assert stands("payment_checked_by_another")
    assert "its own leaf" in refused(f"UPDATE {table} SET state = 'sent' WHERE id = %s", payment.pk)
    assert "illegal move" in refused(f"UPDATE {table} SET state = 'confirmed' WHERE id = %s", payment.pk)
    assert refused(f"DELETE FROM {table} WHERE id = %s", payment.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(amount_minor=0)


def test_a_tranche_keeps_its_edges_and_the_sum_of_the_grant() -> None:
    tranche = money.due_tranche(tier="L")
    table = Tranche._meta.db_table
    assert "illegal move" in refused(f"UPDATE {table} SET state = 'paid' WHERE id = %s", tranche.pk)
    assert "never changes" in refused(f"UPDATE {table} SET amount_minor = amount_minor + 1 WHERE id = %s", tranche.pk)
    assert refused(f"DELETE FROM {table} WHERE id = %s", tranche.pk)


def test_requests_and_approvals_are_written_once() -> None:
    tranche = money.approved_tranche(tier="L")
    approval = tranche.approvals.first()
    assert approval is not None
    for sql in (
        "UPDATE disbursements_approval SET payload_sha256 = 'x' WHERE id = %s",
        "UPDATE disbursements_approval SET approver_id = approver_id, kind = 'manager' WHERE id = %s",
        "DELETE FROM disbursements_approval WHERE id = %s",
    ):
        assert refused(sql, approval.pk)
    assert refused("UPDATE disbursements_disbursementrequest SET spent_minor = 0 WHERE tranche_id = %s", tranche.pk)
    copy = "INSERT INTO disbursements_approval SELECT gen_random_uuid(), recorded_at, round, kind, payload_sha256, {} "
    assert refused(
        copy.format("approver_id, leaf_id, tranche_id FROM disbursements_approval WHERE id = %s"), approval.pk
    )


def test_a_submitted_report_is_fixed() -> None:
    grant = awards.active_grant(tier="L")
    report = money.submitted_report(grant, spent_minor=5_000)
    assert "fixed since it was submitted" in refused(
        "UPDATE grants_report SET spent_minor = 1 WHERE id = %s", report.pk
    )
    assert "the report was submitted" in refused(
        "UPDATE grants_reportline SET spent_minor = 1 WHERE report_id = %s", report.pk
    )


def test_one_person_does_not_sign_for_both_sides() -> None:
    grant = awards.active_grant(tier="L")
    assert "changes with a recorded move only" in refused(
        "UPDATE grants_grant SET countersigned_by_id = signed_by_id WHERE id = %s", grant.pk
    )
    assert stands("agreement_signed_by_two_people")
    assert refused("UPDATE grants_grantfunding SET amount_minor = 1 WHERE grant_id = %s", grant.pk)
