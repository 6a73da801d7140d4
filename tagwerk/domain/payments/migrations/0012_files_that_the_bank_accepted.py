"""When the bank said that it takes a run's file: a rejection after that may be about a second upload."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_names_in_bank_files")]

    operations = [
        migrations.AddField(
            model_name="payoutrun", name="file_accepted_at", field=models.DateTimeField(null=True)
        ),
    ]
