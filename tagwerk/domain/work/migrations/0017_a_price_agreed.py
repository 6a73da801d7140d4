"""A fee may have parts of a basis point, where a price was agreed: whatever takes it calls this function."""

from django.db import migrations

FEE = """
CREATE FUNCTION work_fee(reward_micros bigint, fee_bp numeric) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ceil(reward_micros * fee_bp * 0.0001)::bigint $$;
DROP FUNCTION work_fee(bigint, integer);
"""
BEFORE = """
CREATE FUNCTION work_fee(reward_micros bigint, fee_bp integer) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (reward_micros * fee_bp + 9999) / 10000 $$;
DROP FUNCTION work_fee(bigint, numeric);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0009_a_price_agreed'),
        ('work', '0016_spare_validated'),
    ]

    operations = [
        migrations.RunSQL(FEE, reverse_sql=BEFORE),
    ]
