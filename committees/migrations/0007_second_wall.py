"""Row-level security of who judged what: declarations, recusals, assignments, scores, votes."""

from django.db import migrations

from audit.walls import raise_wall

UP = """
CREATE FUNCTION fund_fellow_seats() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce((
        SELECT array_agg(fellow.id) FROM committees_seat own
        JOIN committees_seat fellow ON fellow.committee_id = own.committee_id
        WHERE own.user_id = fund_person()
    ), '{}')
$$;
"""
OVERSEERS = "(SELECT fund_holds('programme_officer', 'fund_manager', 'auditor'))"
FELLOWS = "(SELECT fund_fellow_seats())::uuid[]"
BY_SEAT = (
    "committees_conflictdeclaration",
    "committees_recusal",
    "committees_assignment",
    "committees_vote",
)


class Migration(migrations.Migration):
    dependencies = [("committees", "0006_appeals"), ("accounts", "0004_offices_of_the_identity")]

    operations = [
        migrations.RunSQL(UP, "DROP FUNCTION fund_fellow_seats()"),
        *(raise_wall(table, f"{OVERSEERS} OR seat_id = ANY ({FELLOWS})") for table in BY_SEAT),
        raise_wall(
            "committees_scorecard",
            f"{OVERSEERS} OR EXISTS (SELECT FROM committees_assignment a"
            f" WHERE a.id = assignment_id AND a.seat_id = ANY ({FELLOWS}))",
        ),
        raise_wall(
            "committees_score",
            f"{OVERSEERS} OR EXISTS (SELECT FROM committees_scorecard c JOIN committees_assignment a"
            f" ON a.id = c.assignment_id WHERE c.id = scorecard_id AND a.seat_id = ANY ({FELLOWS}))",
        ),
    ]
