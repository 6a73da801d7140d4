from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0002_steps_prepared'),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='answers_a_day',
            field=models.IntegerField(null=True),
        ),
    ]
