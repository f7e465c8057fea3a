from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("notices", "0002_ways_of_messages"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE notices_notice_number", "DROP SEQUENCE notices_notice_number"
        ),
        migrations.AddField(
            model_name="notice",
            name="number",
            field=models.BigIntegerField(
                db_default=models.Func(models.Value("notices_notice_number"), function="nextval"), editable=False
            ),
        ),
    ]
