"""Partners in a consortium among those whose names are compared."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0016_public_register'),
    ]

    operations = [
        migrations.AlterField(
            model_name='screeninghit',
            name='subject',
            field=models.CharField(choices=[('organisation', 'the organisation'), ('person', 'a person of the organisation'), ('account_holder', 'holder of a bank account'), ('fiscal_host', 'fiscal host'), ('partner', 'partner in a consortium'), ('named', 'named in the passport of due diligence')], max_length=15, verbose_name='whose name'),
        ),
    ]
