"""Row-level security of members' judgements of concept notes, and the committee's gate to the notes themselves.

Beside the rules: `committees.rules.concepts`. Nobody but the member reads a judgement; the fund itself reckons with all.
"""

from django.db import migrations

from audit.walls import raise_wall

OWN = "(SELECT fund_own_seats())::uuid[]"


def gate(sent: str) -> str:
    """The committee's gate to applications, where ``sent`` says which ones."""
    return (
        f"ALTER POLICY committees ON grants_application USING (({sent})"
        " AND call_id = ANY ((SELECT fund_committee_calls())::uuid[])"
        " AND id <> ALL ((SELECT fund_recused_from())::uuid[]));"
    )


class Migration(migrations.Migration):
    dependencies = [("committees", "0015_concept_scores"), ("grants", "0030_walls_of_concept_notes")]

    operations = [
        raise_wall("committees_conceptscore", f"seat_id = ANY ({OWN})"),
        migrations.RunSQL(
            gate("submitted_at IS NOT NULL OR state = 'concept_sent'"), gate("submitted_at IS NOT NULL")
        ),
    ]
