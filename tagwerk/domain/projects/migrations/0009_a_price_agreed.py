from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_words_on_fairwork'),
        ('designs', '0001_initial'),
        ('projects', '0008_pay_by_the_hour'),
        ('work', '0016_spare_validated'),  # its functions were made when a fee was a whole number
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='project',
            name='client_micros',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='project',
            name='fee_bp',
            field=models.DecimalField(decimal_places=30, max_digits=36),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('fee_bp__gte', 0), ('fee_bp__lte', 100000)), name='project_fee_range'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('client_micros', None), models.Q(('client_micros__gt', 0), ('paid', True)), _connector='OR'), name='project_price_agreed_for_pay'),
        ),
    ]
