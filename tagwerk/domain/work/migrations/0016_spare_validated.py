from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """In a transaction of its own, while everybody goes on reading and writing."""

    dependencies = [
        ('work', '0015_test_pay'),
    ]

    operations = [
        ValidateConstraint(model_name='assignment', name='assignment_spare_not_negative'),
    ]
