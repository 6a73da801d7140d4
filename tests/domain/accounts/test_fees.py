"""A fee of an organisation's own: agreed by operators, for new projects only, with its history."""

import pytest
from django.db import IntegrityError, transaction

from tagwerk.base.errors import Invalid, NotAllowed, NotFound
from tagwerk.domain.accounts import actions as accounts
from tagwerk.domain.accounts import queries
from tagwerk.domain.accounts.models import OrganisationFee
from tagwerk.domain.projects import queries as projects
from tests import orders
from tests.people import actor, member, organisation

pytestmark = pytest.mark.django_db


def test_what_was_agreed_counts_for_new_projects_and_leaves_those_that_exist():
    before = orders.project()
    accounts.set_organisation_fee(actor=actor("dan"), organisation_id=before.organisation_id, fee_bp=4_286, note="Pilot customer")  # fmt: skip
    after = orders.project()
    assert (before.fee_bp, after.fee_bp) == (2_000, 4_286)
    assert after.price.take_bp == 3_000
    accounts.change_instance(actor=actor("dan"), fee_bp=1_000)
    assert orders.project().fee_bp == 4_286
    assert projects.project(before.id).fee_bp == 2_000
    assert queries.fee_of(organisation("other", "eve")).fee_bp == 1_000


def test_the_history_is_kept_and_the_instances_fee_can_come_back():
    made = organisation()
    for fee, note in ((0, "Charity"), (0, "said twice is once"), (None, "Grown up")):
        accounts.set_organisation_fee(actor=actor("dan"), organisation_id=made, fee_bp=fee, note=note)
    assert [(one.fee_bp, one.note) for one in queries.fee_history(actor("ada"), made)] == [(None, "Grown up"), (0, "Charity")]  # fmt: skip
    assert queries.fee_of(made) == queries.FeeView(2_000, is_own=False)


def test_only_operators_agree_a_fee_and_only_who_sees_the_money_reads_it():
    made = organisation()
    for name in ("ada", "ben"):
        with pytest.raises(NotFound):
            accounts.set_organisation_fee(actor=actor(name), organisation_id=made, fee_bp=0, note="x")
    with pytest.raises((NotAllowed, NotFound)):
        queries.fee_history(actor("eve"), made)
    with pytest.raises(NotAllowed):
        queries.fee_history(member("vic", made, "viewer"), made)


@pytest.mark.parametrize("wrong", [{"fee_bp": 10_001}, {"fee_bp": -1}, {"note": "  "}, {"note": "x" * 201}])
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(Invalid):
        accounts.set_organisation_fee(
            **({"actor": actor("dan"), "organisation_id": organisation(), "fee_bp": 1, "note": "x"} | wrong)
        )


@pytest.mark.parametrize(
    ("facts", "name"), [({"fee_bp": 10_001, "note": "x"}, "organisation_fee_range"), ({"note": ""}, "organisation_fee_has_note")]
)  # fmt: skip
def test_the_table_holds_no_nonsense(facts, name):
    made = organisation()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        OrganisationFee.objects.create(organisation_id=made, **facts)
