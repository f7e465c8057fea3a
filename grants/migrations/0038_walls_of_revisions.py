"""Row-level security of changes of budgets: as that of the grants themselves."""

from importlib import import_module

from django.db import migrations

from audit.walls import raise_wall

_WALLS = import_module("grants.migrations.0016_walls_of_applications_and_grants")


class Migration(migrations.Migration):
    dependencies = [("grants", "0037_revisions")]

    operations = [
        raise_wall("grants_revision", _WALLS.SEEN),
        raise_wall("grants_revisedamount", f"{_WALLS.READERS} OR revision_id IN (SELECT id FROM grants_revision)"),
    ]
