
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from pathlib import Path

from django.db import migrations, models


BOOK = Path(__file__).with_name("0001_book.sql").read_text(encoding="utf-8")
UNBOOK = """
DROP VIEW ledger_drift, ledger_recomputed;
DROP FUNCTION ledger_restrict(name), ledger_broken_seals(), ledger_seal_next(bigint), ledger_settled_seq(),
    ledger_range_hash(bytea, bigint, bigint), ledger_row_text(ledger_transfer);
DROP TABLE ledger_seal, ledger_transfer, ledger_account;
DROP FUNCTION ledger_account_guard(), ledger_immutable(), ledger_apply(), ledger_check_resolutions(uuid[]),
    ledger_announce();
DROP TYPE ledger_move;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    # The tables are made in SQL, since their triggers, composite keys and privileges are the point; Django is told
    # of them, so that makemigrations sees no difference.
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(BOOK, UNBOOK)],
            state_operations=[
                migrations.CreateModel(
                    name='Account',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(db_collation='C', max_length=120)),
                        ('kind', models.CharField(max_length=10)),
                        ('currency', models.CharField(max_length=3)),
                        ('guard', models.CharField(default='none', max_length=20)),
                        ('debits_posted_micros', models.BigIntegerField(db_default=0)),
                        ('credits_posted_micros', models.BigIntegerField(db_default=0)),
                        ('debits_pending_micros', models.BigIntegerField(db_default=0)),
                        ('credits_pending_micros', models.BigIntegerField(db_default=0)),
                        ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ],
                    options={
                        'db_table': 'ledger_account',
                        'constraints': [models.UniqueConstraint(fields=('code',), name='ledger_account_code_once'), models.UniqueConstraint(fields=('id', 'currency'), name='ledger_account_of_one_currency'), models.CheckConstraint(condition=models.Q(('kind__in', ['asset', 'liability', 'income', 'expense'])), name='ledger_account_kind_known'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='ledger_account_currency_iso'), models.CheckConstraint(condition=models.Q(('guard__in', ['none', 'debits_le_credits', 'credits_le_debits'])), name='ledger_account_guard_known'), models.CheckConstraint(condition=models.Q(('credits_pending_micros__gte', 0), ('credits_posted_micros__gte', 0), ('debits_pending_micros__gte', 0), ('debits_posted_micros__gte', 0)), name='ledger_account_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('guard', 'debits_le_credits'), _negated=True), ('credits_posted_micros__gte', django.db.models.expressions.CombinedExpression(models.F('debits_posted_micros'), '+', models.F('debits_pending_micros'))), _connector='OR'), name='ledger_account_no_overdraft'), models.CheckConstraint(condition=models.Q(models.Q(('guard', 'credits_le_debits'), _negated=True), ('debits_posted_micros__gte', django.db.models.expressions.CombinedExpression(models.F('credits_posted_micros'), '+', models.F('credits_pending_micros'))), _connector='OR'), name='ledger_account_no_overcredit')],
                    },
                ),
                migrations.CreateModel(
                    name='Seal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sealed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('first_seq', models.BigIntegerField()),
                        ('last_seq', models.BigIntegerField()),
                        ('transfers', models.BigIntegerField()),
                        ('previous', models.BinaryField(null=True)),
                        ('hash', models.BinaryField()),
                    ],
                    options={
                        'db_table': 'ledger_seal',
                        'constraints': [models.UniqueConstraint(fields=('first_seq',), name='ledger_seal_range_once'), models.CheckConstraint(condition=models.Q(('first_seq__lte', models.F('last_seq'))), name='ledger_seal_range_forward')],
                    },
                ),
                migrations.CreateModel(
                    name='Transfer',
                    fields=[
                        ('id', models.UUIDField(primary_key=True, serialize=False)),
                        ('seq', models.BigIntegerField()),
                        ('booked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('event', models.UUIDField()),
                        ('kind', models.CharField(max_length=7)),
                        ('currency', models.CharField(max_length=3)),
                        ('amount_micros', models.BigIntegerField()),
                        ('code', models.CharField(max_length=40)),
                        ('ref_type', models.CharField(db_default='', max_length=40)),
                        ('ref_id', models.CharField(db_default='', max_length=80)),
                        ('memo', models.CharField(db_default='', max_length=200)),
                        ('credit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                        ('debit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                        ('pending', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.transfer')),
                    ],
                    options={
                        'db_table': 'ledger_transfer',
                        'indexes': [models.Index(fields=['debit', '-seq'], name='ledger_transfer_debits'), models.Index(fields=['credit', '-seq'], name='ledger_transfer_credits'), models.Index(fields=['event'], name='ledger_transfer_of_event')],
                        'constraints': [models.UniqueConstraint(fields=('seq',), name='ledger_transfer_seq_once'), models.UniqueConstraint(condition=models.Q(('pending__isnull', False)), fields=('pending',), name='ledger_transfer_resolved_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['single', 'pending', 'post', 'void'])), name='ledger_transfer_kind_known'), models.CheckConstraint(condition=models.Q(('amount_micros__range', (1, 1000000000000000))), name='ledger_transfer_amount_range'), models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='ledger_transfer_two_accounts'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['post', 'void']), ('pending__isnull', False)), models.Q(('kind__in', ['single', 'pending']), ('pending__isnull', True)), _connector='OR'), name='ledger_transfer_names_pending')],
                    },
                ),
            ],
        ),
    ]
