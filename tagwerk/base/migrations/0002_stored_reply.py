import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.BigIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('digest', models.BinaryField()),
                ('status', models.SmallIntegerField()),
                ('content_type', models.CharField(max_length=100)),
                ('body', models.BinaryField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'db_table': 'stored_reply',
                'indexes': [models.Index(fields=['created_at'], name='stored_reply_by_age')],
                'constraints': [models.UniqueConstraint(fields=('key_id', 'name'), name='stored_reply_once')],
            },
        ),
    ]
