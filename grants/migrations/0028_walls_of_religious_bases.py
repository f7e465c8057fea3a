"""Row-level security of justifications for zakat and waqf yield: as that of the applications themselves."""

from django.db import migrations

from audit.walls import raise_wall


class Migration(migrations.Migration):
    dependencies = [("grants", "0027_religious_bases")]

    operations = [raise_wall("grants_religiousbasis", "application_id IN (SELECT id FROM grants_application)")]
