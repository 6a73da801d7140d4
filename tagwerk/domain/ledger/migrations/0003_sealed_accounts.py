from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__)
ACCOUNTS = HERE.with_name("0003_sealed_accounts.sql").read_text(encoding="utf-8")


def _former(file: str, function: str) -> str:
    """A function as an earlier file made it."""
    text = HERE.with_name(file).read_text(encoding="utf-8").replace("CREATE OR REPLACE FUNCTION", "CREATE FUNCTION")
    text = text[text.index(f"CREATE FUNCTION {function}(") :]
    end = text.index("$$;", text.index("$$") + 2) + len("$$;")
    return text[:end].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


# Seals of version 2 would fail the checks of version 1: there is a way back only for who has none of them.
UNDO = f"""
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_seal WHERE version > 1) THEN
    RAISE EXCEPTION 'there are seals over accounts, which cannot be checked without them';
  END IF;
END $$;
{_former("0001_book.sql", "ledger_settled_seq")}
{_former("0002_rows_of_seals.sql", "ledger_seal_next")}
{_former("0001_book.sql", "ledger_broken_seals")}
{_former("0001_book.sql", "ledger_restrict")}
DROP TRIGGER ledger_announce ON ledger_account;
DROP TRIGGER ledger_keep_newest_seal ON ledger_seal;
DROP TABLE ledger_newest_seal;
DROP FUNCTION ledger_keep_newest_seal(), ledger_newest_seal_guard(), ledger_settled(), ledger_wrong_accounts(),
    ledger_seal_hash(ledger_seal, smallint), ledger_former_seals(), ledger_range_text(bigint, bigint),
    ledger_accounts_text(bigint, bigint), ledger_account_text(ledger_account);
ALTER TABLE ledger_seal DROP COLUMN version, DROP COLUMN last_account, DROP COLUMN accounts;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_rows_of_seals'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ACCOUNTS, UNDO)],
            state_operations=[
                migrations.AddField(
                    model_name='seal',
                    name='version',
                    field=models.SmallIntegerField(db_default=1),
                ),
                migrations.AddField(
                    model_name='seal',
                    name='last_account',
                    field=models.BigIntegerField(db_default=0),
                ),
                migrations.AddField(
                    model_name='seal',
                    name='accounts',
                    field=models.TextField(db_default=''),
                ),
                migrations.CreateModel(
                    name='NewestSeal',
                    fields=[
                        ('id', models.SmallIntegerField(db_default=1, primary_key=True, serialize=False)),
                        ('seal_id', models.BigIntegerField()),
                        ('last_seq', models.BigIntegerField()),
                        ('hash', models.BinaryField()),
                    ],
                    options={
                        'db_table': 'ledger_newest_seal',
                        'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='ledger_newest_seal_is_one')],
                    },
                ),
            ],
        ),
    ]
