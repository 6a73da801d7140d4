import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagwerk.base.errors import Invalid, NotFound
from tagwerk.base.ids import public_id, row_number
from tagwerk.base.money import LARGEST_MICROS, Money, fee_micros, micros_of, plain


@given(st.integers(-LARGEST_MICROS, LARGEST_MICROS))
def test_amounts_survive_writing_and_reading(micros):
    assert micros_of(plain(micros)) == micros


@pytest.mark.parametrize("text", ["", "abc", "1,50", "NaN", "inf", "0.0000001", "1e30"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Invalid, match="not an amount"):
        micros_of(text)


def test_money_of_two_currencies_is_never_added():
    with pytest.raises(AssertionError):
        Money(1, "EUR") + Money(1, "USD")
    assert Money(3, "EUR") + Money(1, "EUR") - Money(2, "EUR") == Money(2, "EUR")


@given(st.integers(0, 10**12), st.integers(0, 10_000))
def test_fees_are_rounded_up_and_never_by_more_than_a_micro(reward, fee_bp):
    assert 0 <= fee_micros(reward, fee_bp) * 10_000 - reward * fee_bp < 10_000


@given(st.integers(1, 2**63 - 1))
def test_public_ids_are_read_back_and_belong_to_one_kind(number):
    public = public_id("tsk", number)
    assert public.startswith("tsk_") and len(public) == 30
    assert row_number("tsk", public) == number
    with pytest.raises(NotFound):
        row_number("prj", public.replace("tsk_", "prj_"))


@given(st.text(max_size=40))
def test_what_is_no_public_id_finds_nothing(text):
    with pytest.raises(NotFound):
        row_number("tsk", text)
    with pytest.raises(NotFound):
        row_number("tsk", "tsk_" + text)
