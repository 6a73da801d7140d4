"""Whether a file for the bank can say a worker's name; what was saved before is looked at with the next run."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0010_unsure_batches")]

    operations = [
        migrations.AddField(
            model_name="payoutprofile", name="bank_name_fits", field=models.BooleanField(null=True)
        ),
    ]
