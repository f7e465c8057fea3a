"""Row-level security of what a committee discussed and decided about an application, and of who moves up from the waiting list.

Beside the rules: `committees.selectors.meetings.items_visible_to`, `committees.selectors.waiting.visible_to`.
"""

from django.db import migrations

from audit.walls import raise_wall

WITH_THE_BOARD = "(SELECT fund_holds('programme_officer', 'fund_manager', 'board_member', 'auditor'))"
MEETINGS = "SELECT id FROM committees_meeting WHERE panel_id = ANY ((SELECT fund_fellow_panels())::uuid[])"


class Migration(migrations.Migration):
    dependencies = [("committees", "0013_committees_read_applications")]

    operations = [
        raise_wall(
            "committees_agendaitem",
            f"{WITH_THE_BOARD} OR meeting_id IN ({MEETINGS})"
            " AND application_id <> ALL ((SELECT fund_recused_from())::uuid[])",
        ),
        # As the item, whose own wall answers the sub-select.
        raise_wall(
            "committees_decision", f"{WITH_THE_BOARD} OR item_id IN (SELECT id FROM committees_agendaitem)"
        ),
        raise_wall("committees_waitingproposal", WITH_THE_BOARD),
    ]
