from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent
FUNCTIONS = (HERE / "0012_units.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0007_units'),
        ('work', '0011_bonuses_and_guaranteed_hours'),
    ]

    operations = [
        migrations.AddField(
            model_name='task',
            name='units',
            field=models.BigIntegerField(db_default=1_000_000),
        ),
        migrations.AddField(
            model_name='task',
            name='amount_micros',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='task',
            name='is_urgent',
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('units__gt', 0)), name='task_units_positive'),
        ),
        migrations.AddField(
            model_name='openedtask',
            name='price_micros',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='enrolment',
            name='gold_micros',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='opening',
            name='paid_answers',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='opening',
            name='paid_reward_micros',
            field=models.BigIntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='opening',
            name='gold_money_bp',
            field=models.IntegerField(db_default=0),
        ),
        migrations.AddField(
            model_name='opening',
            name='measured_by',
            field=models.TextField(db_default=''),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name='enrolment',
            name='gold_allowance',
        ),
    ]
