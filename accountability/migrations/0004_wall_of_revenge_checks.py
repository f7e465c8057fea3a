"""Row-level security of what was heard about revenge: whoever reads the complaint."""

from django.db import migrations

from audit.walls import raise_wall


class Migration(migrations.Migration):
    dependencies = [("accountability", "0003_assigning_and_asking_about_revenge")]

    operations = [
        # As the complaint itself, whose own wall answers the sub-select.
        raise_wall("accountability_revengecheck", "complaint_id IN (SELECT id FROM accountability_complaint)"),
    ]
