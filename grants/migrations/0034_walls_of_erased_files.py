"""Row-level security of erasures of files: the offices that erase, and those that read what was submitted."""

from django.db import migrations

from audit.walls import raise_wall

READERS = "(SELECT fund_holds('administrator', 'programme_officer', 'finance_officer', 'fund_manager', 'auditor'))"


class Migration(migrations.Migration):
    dependencies = [("grants", "0033_erased_files")]

    operations = [raise_wall("grants_fileerasure", READERS)]
