"""Row-level security of appeals, of cases about conflicts, and of who was proposed to score what."""

from django.db import migrations

from audit.walls import raise_wall

UP = """
CREATE FUNCTION fund_fellow_panels() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce((
        SELECT array_agg(panel.id) FROM committees_seat own
        JOIN committees_panel panel ON panel.committee_id = own.committee_id
        WHERE own.user_id = fund_person()
    ), '{}')
$$;
"""
OVERSEERS = "(SELECT fund_holds('programme_officer', 'fund_manager', 'auditor'))"
WITH_THE_BOARD = "(SELECT fund_holds('programme_officer', 'fund_manager', 'board_member', 'auditor'))"
FELLOWS = "(SELECT fund_fellow_seats())::uuid[]"
PANELS = "(SELECT fund_fellow_panels())::uuid[]"
PERSON = "(SELECT fund_person())"
ITS_PEOPLE = "(SELECT fund_organisations('preparer', 'signatory'))::uuid[]"
JUDGED = f"SELECT {{}} FROM committees_appealpanelist WHERE user_id = {PERSON}"

READERS = {
    "committees_conflictfinding": f"{OVERSEERS} OR seat_id = ANY ({FELLOWS})",
    "committees_conflictcase": f"{WITH_THE_BOARD} OR owner_id = {PERSON} OR reported_by_id = {PERSON}",
    "committees_expertise": f"{OVERSEERS} OR seat_id = ANY ({FELLOWS})",
    "committees_assignmentproposal": f"{OVERSEERS} OR panel_id = ANY ({PANELS})",
    "committees_proposalchange": "proposal_id IN (SELECT id FROM committees_assignmentproposal)",
    "committees_computedfacts": f"{OVERSEERS} OR panel_id = ANY ({PANELS})",
    # No circle: who judges is asked of this table by those below, and this one asks none of them.
    "committees_appealpanelist": f"{WITH_THE_BOARD} OR user_id = {PERSON}",
    "committees_appeal": (
        f"{WITH_THE_BOARD} OR id IN ({JUDGED.format('appeal_id')}) OR application_id IN"
        f" (SELECT id FROM grants_application WHERE organisation_id = ANY ({ITS_PEOPLE}))"
    ),
    "committees_appealevidence": "appeal_id IN (SELECT id FROM committees_appeal)",
    "committees_appealvote": f"{WITH_THE_BOARD} OR panelist_id IN ({JUDGED.format('id')})",
}


class Migration(migrations.Migration):
    dependencies = [("committees", "0009_rapid_walls"), ("organisations", "0004_second_wall")]

    operations = [
        migrations.RunSQL(UP, "DROP FUNCTION fund_fellow_panels()"),
        *(raise_wall(table, readers) for table, readers in READERS.items()),
    ]
