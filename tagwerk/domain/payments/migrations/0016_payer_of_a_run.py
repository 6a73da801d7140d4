from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0015_corrections'),
    ]

    operations = [
        migrations.AddField(
            model_name='payoutrun',
            name='payer',
            field=models.JSONField(null=True),
        ),
        # Runs that were released before: nothing says what the company was then, so it is what it is now.
        migrations.RunSQL(
            """UPDATE payout_run SET payer = coalesce(
                (SELECT jsonb_build_object('name', name, 'street', street, 'building', building, 'postcode', postcode,
                    'town', town, 'country', country, 'iban', iban, 'bic', bic, 'time_zone', time_zone) FROM payer),
                '{"name": "", "street": "", "building": "", "postcode": "", "town": "", "country": "", "iban": "", "bic": "",
                  "time_zone": "Europe/Berlin"}'::jsonb)
            WHERE released_at IS NOT NULL""",
            migrations.RunSQL.noop,
        ),
    ]
