from pathlib import Path

import django.contrib.postgres.fields
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

HERE = Path(__file__).parent
FUNCTIONS = (HERE / "0013_factors_of_workers.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0012_units'),
    ]

    operations = [
        migrations.AddField(
            model_name='assignment',
            name='spare_micros',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='assignment',
            name='factors',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None),
        ),
        AddConstraintNotValid(  # 0016 validates it: a look at all answers must not keep everybody waiting
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('spare_micros__gte', 0)), name='assignment_spare_not_negative'),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='level_bp',
            field=models.IntegerField(db_default=10_000),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='floor_bp',
            field=models.IntegerField(db_default=10_000),
        ),
        migrations.AddField(
            model_name='opening',
            name='most_factors',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None),
        ),
        migrations.AddField(
            model_name='opening',
            name='volume_after',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='opening',
            name='floors',
            field=models.JSONField(null=True),
        ),
        migrations.CreateModel(
            name='ApprovedCount',
            fields=[
                ('pk', models.CompositePrimaryKey('project_id', 'worker_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('project_id', models.BigIntegerField()),
                ('worker_id', models.BigIntegerField()),
                ('answers', models.IntegerField()),
            ],
            options={
                'db_table': 'approved_count',
            },
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]
