from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent
FUNCTIONS = (HERE / "0018_hours.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0017_a_price_agreed'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='hourlyanswer', name='hourly_answer_not_negative'),
        migrations.RemoveConstraint(model_name='timerequest', name='time_request_state_known'),
        migrations.RemoveConstraint(model_name='timerequest', name='time_request_not_negative'),
        migrations.AddField(
            model_name='hourlyanswer',
            name='active_seconds',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='hourlyanswer',
            name='rework_seconds',
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='timerequest',
            name='agreed_micros',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='timerequest',
            name='ahead',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name='hourlyanswer',
            constraint=models.CheckConstraint(condition=models.Q(('measured_seconds__gte', 0), ('paid_seconds__gte', 0), ('rework_seconds__gte', 0), models.Q(('stated_seconds__isnull', True), ('stated_seconds__gte', 0), _connector='OR'), models.Q(('active_seconds__isnull', True), ('active_seconds__gte', 0), _connector='OR')), name='hourly_answer_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='timerequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'granted', 'refused', 'lapsed', 'withdrawn'])), name='time_request_state_known'),
        ),
        migrations.AddConstraint(
            model_name='timerequest',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_micros__gte', 0), ('fee_micros__gte', 0), ('reward_micros__gte', 0), ('seconds__gt', 0)), name='time_request_not_negative'),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]
