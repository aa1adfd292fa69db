from __future__ import annotations

import unicodedata
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.typography import count, decimal, listed, percent, place, points, rounded, signed


def test_shares_below_one_hundred_answers_have_no_decimals() -> None:
    assert percent(1 / 3, 99) == "33\u00a0%"
    assert percent(1 / 3, 100) == "33,3\u00a0%"


def test_halves_are_rounded_away_from_zero_as_a_pocket_calculator_does() -> None:
    assert percent(0.125, 80) == "13\u00a0%"
    assert percent(0.0625, 400) == "6,3\u00a0%"
    assert decimal(2.675, 2) == "2,68"
    assert decimal(-0.5, 0) == "\u22121"


def test_a_value_that_rounds_to_zero_has_no_sign() -> None:
    assert decimal(-0.04) == signed(-0.04) == signed(0.04) == "0,0"
    assert points(-0.0004, 500) == "0,0\u00a0Punkte"


def test_numbers_of_numpy_print_like_those_of_python() -> None:
    assert percent(float(np.float64(0.438)), 2391) == percent(0.438, 2391) == "43,8\u00a0%"
    assert count(int(np.int64(22000))) == "22\u202f000"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_a_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="cannot be printed"):
        percent(value, 500)


def test_places_and_lists_read_as_german() -> None:
    assert place(2, 4) == "Platz\u00a02 bis 4"
    assert listed(["Bus", "Bahn", "Rad"]) == "Bus, Bahn und Rad"


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_the_printed_number_is_within_half_a_unit_of_the_value(value: float, digits: int) -> None:
    text = decimal(value, digits)
    plain = text.replace("\u202f", "").replace(",", ".").replace("\u2212", "-")
    distance = abs(Decimal(plain) - Decimal(repr(value)))
    assert distance <= Decimal(5).scaleb(-digits - 1)
    assert rounded(value, digits) == Decimal(plain)


@given(st.floats(-10, 10), st.integers(1, 10_000))
def test_a_printed_number_never_breaks_over_a_line(value: float, n: int) -> None:
    for text in (percent(value, n), points(value, n), decimal(value), count(n)):
        assert not any(unicodedata.category(c) == "Zs" and c == " " for c in text)


def _exactly(value: float, digits: int, times: int) -> Decimal:
    exact = Decimal(repr(value)) * times
    return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


@given(st.floats(-2e7, 2e7) | st.integers(-40000, 40000).map(lambda n: n / 2000))
def test_print_rounds_like_decimal_arithmetic_beside_halves_and_large_numbers(value: float) -> None:
    def read(text: str) -> Decimal:
        return Decimal(text.replace("\u202f", "").replace(",", ".").replace("\u2212", "-"))

    assert read(decimal(value, 2)) == _exactly(value, 2, 1)
    assert read(percent(value, 500).removesuffix("\u00a0%")) == _exactly(value, 1, 100)
    assert read(percent(value, 50).removesuffix("\u00a0%")) == _exactly(value, 0, 100)
