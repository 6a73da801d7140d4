from pathlib import Path

import django.db.models.functions.datetime
from django.db import migrations, models

HERE = Path(__file__).parent
FUNCTIONS = (HERE / "0014_hours.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0008_pay_by_the_hour'),
        ('work', '0013_factors_of_workers'),
    ]

    operations = [
        migrations.AddField(
            model_name='assignment',
            name='most_seconds',
            field=models.IntegerField(null=True),
        ),
        migrations.CreateModel(
            name='HourlyAnswer',
            fields=[
                ('pk', models.CompositePrimaryKey('project_id', 'assignment_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('project_id', models.BigIntegerField()),
                ('assignment_id', models.BigIntegerField()),
                ('worker_id', models.BigIntegerField()),
                ('claimed_micros', models.BigIntegerField()),
                ('measured_seconds', models.IntegerField()),
                ('paid_seconds', models.IntegerField()),
                ('stated_seconds', models.IntegerField(null=True)),
                ('reason', models.TextField(db_default='', default='')),
                ('stated_at', models.DateTimeField(null=True)),
                ('extra_reward_micros', models.BigIntegerField(db_default=0, default=0)),
                ('extra_fee_micros', models.BigIntegerField(db_default=0, default=0)),
                ('handed_in_at', models.DateTimeField()),
                ('correct_until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'hourly_answer',
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['project_id', 'correct_until'], name='hourly_answer_open'), models.Index(fields=['project_id', '-assignment_id'], name='hourly_answer_of_project')],
                'constraints': [models.CheckConstraint(condition=models.Q(('measured_seconds__gte', 0), ('paid_seconds__gte', 0), models.Q(('stated_seconds__isnull', True), ('stated_seconds__gte', 0), _connector='OR')), name='hourly_answer_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('stated_at__isnull', True), ('stated_seconds__isnull', True)), models.Q(('stated_at__isnull', False), ('stated_seconds__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='hourly_answer_stated_with_reason'), models.CheckConstraint(condition=models.Q(('extra_fee_micros__gte', 0), ('extra_reward_micros__gte', 0)), name='hourly_answer_extra_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='TimeEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project_id', models.BigIntegerField()),
                ('assignment_id', models.BigIntegerField()),
                ('worker_id', models.BigIntegerField()),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(db_default='', default='', max_length=12)),
            ],
            options={
                'db_table': 'time_entry',
                'indexes': [models.Index(fields=['project_id', 'assignment_id'], name='time_entry_of_assignment')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('worker_id',), name='time_entry_one_runs'), models.CheckConstraint(condition=models.Q(('seen_at__gte', models.F('started_at')), models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('started_at')), _connector='OR')), name='time_entry_forwards'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by', '')), models.Q(('ended_at__isnull', False), ('ended_by__in', ['paused', 'other_task', 'handed_in', 'given_up', 'lost', 'offline'])), _connector='OR'), name='time_entry_ended_by')],
            },
        ),
        migrations.CreateModel(
            name='TimeRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project_id', models.BigIntegerField()),
                ('assignment_id', models.BigIntegerField()),
                ('worker_id', models.BigIntegerField()),
                ('seconds', models.IntegerField()),
                ('reason', models.TextField()),
                ('state', models.CharField(db_default='asked', default='asked', max_length=10)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('until', models.DateTimeField()),
                ('code', models.CharField(db_default='', default='', max_length=20)),
                ('reply', models.TextField(db_default='', default='')),
                ('decided_by_id', models.BigIntegerField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reward_micros', models.BigIntegerField(db_default=0, default=0)),
                ('fee_micros', models.BigIntegerField(db_default=0, default=0)),
            ],
            options={
                'db_table': 'time_request',
                'indexes': [models.Index(fields=['project_id', '-id'], name='time_request_of_project'), models.Index(condition=models.Q(('state', 'asked')), fields=['project_id', 'until'], name='time_request_due'), models.Index(fields=['project_id', 'assignment_id'], name='time_request_of_answer')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('project_id', 'assignment_id'), name='time_request_once'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'granted', 'refused', 'lapsed'])), name='time_request_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='time_request_decided_or_asked'), models.CheckConstraint(condition=models.Q(models.Q(('code__in', ['break_counted', 'counted_twice', 'other_work', 'not_worked', 'over_the_limit']), ('state', 'refused'), models.Q(('reply', ''), _negated=True)), models.Q(models.Q(('state', 'refused'), _negated=True), ('code', '')), _connector='OR'), name='time_request_refused_with_reason'), models.CheckConstraint(condition=models.Q(('fee_micros__gte', 0), ('reward_micros__gte', 0), ('seconds__gt', 0)), name='time_request_not_negative')],
            },
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]
