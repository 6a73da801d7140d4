import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('direction', models.CharField(max_length=10)),
                ('amount_micros', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('reference', models.CharField(blank=True, max_length=140)),
                ('key', models.CharField(max_length=80)),
                ('booked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('booked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
            ],
            options={
                'db_table': 'booking',
                'indexes': [models.Index(fields=['organisation', '-id'], name='booking_of_organisation')],
                'constraints': [models.UniqueConstraint(fields=('key',), name='booking_key_once'), models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='booking_key_given'), models.CheckConstraint(condition=models.Q(('direction__in', ['deposit', 'refund'])), name='booking_direction_known'), models.CheckConstraint(condition=models.Q(('amount_micros__range', (1, 1000000000000000))), name='booking_amount_range'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='booking_currency_shape')],
            },
        ),
    ]
