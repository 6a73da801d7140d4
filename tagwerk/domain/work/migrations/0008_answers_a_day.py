from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent
FUNCTIONS = (HERE / "0008_answers_a_day.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0007_gold_explained_and_retired'),
        ('projects', '0004_answers_a_day'),
    ]

    operations = [
        migrations.AddField(
            model_name='enrolment',
            name='day_ends_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='day_submitted',
            field=models.IntegerField(db_default=0),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]
