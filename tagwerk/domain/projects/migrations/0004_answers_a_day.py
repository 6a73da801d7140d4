from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0003_gold_for_who_is_new'),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='answers_a_day',
            field=models.IntegerField(null=True),
        ),
    ]
