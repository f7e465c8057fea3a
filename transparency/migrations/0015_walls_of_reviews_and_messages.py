"""Row-level security of safety reviews and of chosen messages.

The words that are taken out of reports are what somebody could be found by: `transparency.safety_rules.reads_reviews`
stands beside; donors read what is left through the fund itself. What a person of a donor wants to hear is that person's.
"""

from django.db import migrations

from audit.walls import raise_wall


class Migration(migrations.Migration):
    dependencies = [("transparency", "0014_safety_reviews")]

    operations = [
        raise_wall(
            "transparency_safetyreview", "(SELECT fund_holds('programme_officer', 'fund_manager', 'auditor'))"
        ),
        raise_wall("transparency_donoralerts", "user_id = (SELECT fund_person())"),
    ]
