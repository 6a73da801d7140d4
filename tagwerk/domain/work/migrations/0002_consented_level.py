from django.db import migrations, models

# Who has consented before did so to what the project says now, as far as anybody knows.
KNOWN = """
UPDATE enrolment e SET consented_level = p.sensitivity FROM project p
WHERE p.id = e.project_id AND e.consented_at IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='enrolment',
            name='consented_level',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
