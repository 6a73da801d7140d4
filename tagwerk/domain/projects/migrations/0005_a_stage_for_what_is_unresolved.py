from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0004_answers_a_day'),
    ]

    operations = [
        migrations.AlterField(
            model_name='project',
            name='source_each',
            field=models.CharField(default='result', max_length=10),
        ),
    ]
