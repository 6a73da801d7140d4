import pytest

from tagwerk.base.errors import Invalid
from tagwerk.domain.payments import rules


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1])
def test_amounts_that_cannot_be_booked(amount: int) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_amount(amount)
    assert refusal.value.code == "amount_out_of_range"


def test_a_reference_is_one_line() -> None:
    assert rules.check_reference(" RE 2026-17\n Acme\x00 ") == "RE 2026-17 Acme"
    with pytest.raises(Invalid) as refusal:
        rules.check_reference("x" * 141)
    assert refusal.value.code == "reference_too_long"


@pytest.mark.parametrize("key", ["", "x" * 81, "a\nb"])
def test_keys_that_cannot_be_used(key: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_key(key)
    assert refusal.value.code == "key_unusable"
