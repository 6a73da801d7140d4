from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0006_hour_guarantee'),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='task_micros',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='mediafile',
            name='duration_ms',
            field=models.BigIntegerField(null=True),
        ),
    ]
