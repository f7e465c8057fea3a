"""Row-level security of what committees said to extensions: as that of the changes themselves."""

from importlib import import_module

from django.db import migrations

from audit.walls import raise_wall

_WALLS = import_module("grants.migrations.0016_walls_of_applications_and_grants")


class Migration(migrations.Migration):
    dependencies = [("grants", "0040_extensions")]

    operations = [
        raise_wall("grants_revisionconsent", f"{_WALLS.READERS} OR revision_id IN (SELECT id FROM grants_revision)"),
    ]
