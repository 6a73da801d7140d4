import pytest

from tagwerk.domain.ledger import rules


@pytest.mark.parametrize(
    "account",
    [
        rules.bank("EUR"),
        rules.prepaid(3, "USD"),
        rules.reserved(12, "EUR"),
        rules.available(7, "JPY"),
        rules.fee_income("EUR"),
        rules.goodwill("EUR"),
    ],
)
def test_a_code_says_all_about_its_account(account: rules.Account) -> None:
    assert rules.account_of(account.code) == account


@pytest.mark.parametrize(
    "code",
    [
        "",
        "bank:eur",
        "bank:EURO",
        "worker:0:available:EUR",
        "worker:x:available:EUR",
        "worker:1:available:EUR ",
        "bank:EUR\n",
    ],
)
def test_what_is_not_in_the_chart_is_no_account(code: str) -> None:
    assert rules.account_of(code) is None


def test_ids_are_the_same_for_the_same_fact_and_differ_for_others() -> None:
    assert rules.transfer_id("approval", 7, "reward") == rules.transfer_id("approval", "7", "reward")
    assert rules.transfer_id("a", "bc") != rules.transfer_id("ab", "c")
    assert rules.transfer_id("approval", 7).version == 5


def test_ids_never_change_between_releases() -> None:
    """A changed id would let a fact that was booked by an older release be booked once more."""
    assert str(rules.transfer_id("approval", 7, "reward")) == "ab558b95-195c-5290-9ff4-8929a5a4b665"


def test_who_may_not_be_overdrawn() -> None:
    guarded = {rules.prepaid(1, "EUR"), rules.reserved(1, "EUR"), rules.available(1, "EUR")}
    assert {account.guard for account in guarded} == {"debits_le_credits"}
    assert rules.bank("EUR").guard == rules.fee_income("EUR").guard == "none"
