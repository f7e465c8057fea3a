"""Public files get versions by day; the worker writes them anew at its next run."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transparency", "0006_search_rows")]

    operations = [
        migrations.DeleteModel(name="OpenDataFile"),
        migrations.CreateModel(
            name="OpenDataFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("day", models.DateField()),
                ("content_type", models.CharField(max_length=80)),
                ("compressed", models.BinaryField()),
                ("size", models.PositiveBigIntegerField()),
                ("packed_size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("data_sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name", "-day"],
                "constraints": [
                    models.UniqueConstraint(fields=("name", "day"), name="one_version_of_a_file_a_day")
                ],
            },
        ),
        migrations.AddField(
            model_name="releasedgrant", name="planned", field=models.JSONField(default=dict)
        ),
        migrations.AddField(
            model_name="releasedgrant",
            name="people_planned",
            field=models.PositiveIntegerField(null=True, verbose_name="people to be reached"),
        ),
        migrations.AddField(
            model_name="releasedgrant",
            name="people_reached",
            field=models.PositiveIntegerField(null=True, verbose_name="people reached"),
        ),
        migrations.AddConstraint(
            model_name="releasedgrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor__isnull", False),
                    models.Q(
                        ("payments", {}),
                        ("people_planned__isnull", True),
                        ("people_reached__isnull", True),
                        ("planned", {}),
                    ),
                    _connector="OR",
                ),
                name="plans_and_people_of_a_sum_are_not_told",
            ),
        ),
    ]
