from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0007_units'),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='hour_micros',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='project',
            name='most_seconds',
            field=models.IntegerField(db_default=0, default=0),
        ),
    ]
