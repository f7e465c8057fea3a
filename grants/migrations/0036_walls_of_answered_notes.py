"""Row-level security of applications: offices and judges of appeals read concept notes that were not invited too.

A note that was not invited can be appealed against; who admits and judges the appeal reads it as any other decided application.
"""

from importlib import import_module

from django.db import migrations

WALL = import_module("grants.migrations.0030_walls_of_concept_notes").wall
BEFORE = "submitted_at IS NOT NULL OR state = 'concept_sent'"
NOW = "submitted_at IS NOT NULL OR state IN ('concept_sent', 'not_shortlisted')"


class Migration(migrations.Migration):
    dependencies = [("grants", "0035_concept_notes_judged_anew")]

    operations = [migrations.RunSQL(WALL(NOW), WALL(BEFORE))]
