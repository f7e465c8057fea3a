"""Row-level security of complaints: a restricted one is case handlers' alone, and not even its existence is told to others.

Beside the rule: `accountability.rules.visible_complaints`. Who complained reads through the fund itself, by the code.
"""

from django.db import migrations

from audit.walls import raise_wall

READERS = (
    "(NOT restricted AND (SELECT fund_holds('programme_officer', 'fund_manager')))"
    " OR ((SELECT fund_holds('case_handler')) AND NOT ((SELECT fund_person()) = ANY (excluded)))"
)


class Migration(migrations.Migration):
    dependencies = [("accountability", "0001_initial"), ("accounts", "0004_offices_of_the_identity")]

    operations = [
        raise_wall("accountability_complaint", READERS),
        # As the complaint itself, whose own wall answers the sub-select.
        raise_wall("accountability_message", "complaint_id IN (SELECT id FROM accountability_complaint)"),
    ]
