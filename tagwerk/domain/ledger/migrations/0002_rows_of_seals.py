from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__)
DIGESTS = HERE.with_name("0002_rows_of_seals.sql").read_text(encoding="utf-8")
BOOK = HERE.with_name("0001_book.sql").read_text(encoding="utf-8")
FORMER = BOOK[BOOK.index("CREATE FUNCTION ledger_seal_next") :].partition("END $$;")[0] + "END $$;"
UNDO = f"""
DROP FUNCTION ledger_wrong_rows(bigint);
{FORMER.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")}
DROP FUNCTION ledger_row_digest(ledger_transfer);
ALTER TABLE ledger_seal DROP COLUMN digests;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(DIGESTS, UNDO)],
            state_operations=[
                migrations.AddField(
                    model_name='seal',
                    name='digests',
                    field=models.BinaryField(null=True),
                ),
            ],
        ),
    ]
