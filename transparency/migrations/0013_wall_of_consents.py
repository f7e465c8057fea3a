"""Row-level security of consents to be named: an organisation that is not named stands in them.

Beside the rule: `transparency.withholding_rules.visible_withholdings`.
"""

from django.db import migrations

from audit.walls import raise_wall

ITS_PEOPLE = "(SELECT fund_organisations('preparer', 'signatory'))::uuid[]"


class Migration(migrations.Migration):
    dependencies = [("transparency", "0012_name_consent"), ("grants", "0016_walls_of_applications_and_grants")]

    operations = [
        raise_wall(
            "transparency_nameconsent",
            "(SELECT fund_holds('programme_officer', 'fund_manager', 'auditor'))"
            f" OR grant_id IN (SELECT id FROM grants_grant WHERE organisation_id = ANY ({ITS_PEOPLE}))",
        )
    ]
