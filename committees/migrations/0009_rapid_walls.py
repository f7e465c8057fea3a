"""Row-level security of what members on call declare and answer to an alert."""

from django.db import migrations

from audit.walls import raise_wall

READERS = (
    "(SELECT fund_holds('programme_officer', 'fund_manager', 'auditor'))"
    " OR seat_id = ANY ((SELECT fund_fellow_seats())::uuid[])"
)


class Migration(migrations.Migration):
    dependencies = [("committees", "0008_rapid_window")]

    operations = [
        raise_wall("committees_alertdeclaration", READERS),
        raise_wall("committees_alertvote", READERS),
    ]
