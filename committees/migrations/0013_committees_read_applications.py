"""The committee's gate in the wall of applications: calls of the committees in which a person sits, without what recused them.

Beside the rules: `committees.rules.facts` (`in_term`, `not_recused`). Forced row-level security of alerts with their words,
and of who is on call for which.
"""

from django.db import migrations

from audit.walls import open_gate, raise_wall

UP = """
CREATE FUNCTION fund_committee_calls() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce((
        SELECT array_agg(panel.call_id) FROM committees_seat own
        JOIN committees_panel panel ON panel.committee_id = own.committee_id
        WHERE own.user_id = fund_person() AND own.state = 'filled'
            AND own.starts_on <= fund_today() AND own.ends_on >= fund_today()
    ), '{}')
$$;
CREATE FUNCTION fund_recused_from() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce((
        SELECT array_agg(recusal.application_id) FROM committees_recusal recusal
        JOIN committees_seat own ON own.id = recusal.seat_id
        WHERE own.user_id = fund_person()
    ), '{}')
$$;
CREATE FUNCTION fund_own_seats() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce((SELECT array_agg(id) FROM committees_seat WHERE user_id = fund_person()), '{}')
$$;
"""
DOWN = "DROP FUNCTION fund_own_seats(); DROP FUNCTION fund_recused_from(); DROP FUNCTION fund_committee_calls();"
OVERSEERS = "(SELECT fund_holds('programme_officer', 'fund_manager', 'board_member', 'auditor'))"
ITS_PEOPLE = "(SELECT fund_organisations('preparer', 'signatory'))::uuid[]"
OWN = "(SELECT fund_own_seats())::uuid[]"


class Migration(migrations.Migration):
    dependencies = [
        ("committees", "0012_panels_that_end_empty"),
        ("grants", "0016_walls_of_applications_and_grants"),
    ]

    operations = [
        migrations.RunSQL(UP, DOWN),
        open_gate(
            "grants_application",
            "committees",
            "submitted_at IS NOT NULL AND call_id = ANY ((SELECT fund_committee_calls())::uuid[])"
            " AND id <> ALL ((SELECT fund_recused_from())::uuid[])",
        ),
        # No circle: alerts ask who is on call, and that table asks none of them.
        raise_wall("committees_oncall", f"{OVERSEERS} OR seat_id = ANY ((SELECT fund_fellow_seats())::uuid[])"),
        raise_wall(
            "committees_alert",
            f"{OVERSEERS} OR organisation_id = ANY ({ITS_PEOPLE})"
            f" OR id IN (SELECT alert_id FROM committees_oncall WHERE seat_id = ANY ({OWN}))",
        ),
    ]
