r"""German number forms; the last step before a number is read.

Values come in unrounded and are rounded here once, half away from zero, on the shortest
decimal text of the value (``repr``): 0.125 at n = 80 prints as 13 %, not as the 12 % of
round-half-to-even, because that is what a reader with pocket calculator gets.

Spaces: no-break (U+00A0) before a unit, narrow no-break (U+202F) between thousands;
the minus is U+2212.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

NO_BREAK = "\u00a0"
NARROW = "\u202f"
MINUS = "\u2212"

FINE_BASE = 100
"""From this base on shares carry one decimal; below it a decimal would feign precision."""

_SURE = 1e6
"""Below it the error of a product is far smaller than its inverse."""

_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
    "Oktober", "November", "Dezember",
)  # fmt: skip


def rounded(value: float, digits: int) -> Decimal:
    """The value rounded half away from zero to a number of decimals; zero has no sign.

    Raises ``ValueError`` for infinities and for "not a number".

    >>> rounded(0.125, 2), rounded(-0.004, 2)
    (Decimal('0.13'), Decimal('0.00'))
    """
    exact = Decimal(repr(float(value)))
    return _quantised(exact, digits)


def decimal(value: float, digits: int = 1) -> str:
    r"""A number with decimal comma, grouped thousands and a typographic minus.

    >>> decimal(3.25), decimal(-1234.5678, 2), decimal(-0.01)
    ('3,3', '−1\u202f234,57', '0,0')
    """
    return _german(_text(value, digits))


def signed(value: float, digits: int = 1) -> str:
    r"""A number that always shows its sign; zero has none.

    >>> signed(0.44), signed(-2.0), signed(0.04), signed(3, 0)
    ('+0,4', '−2,0', '0,0', '+3')
    """
    return _with_sign(_text(value, digits))


def count(n: int) -> str:
    r"""A whole number with grouped thousands.

    >>> count(987), count(5430), count(1000000)
    ('987', '5\u202f430', '1\u202f000\u202f000')
    """
    return _german(f"{int(n):,}")


def percent(share: float, n: int) -> str:
    r"""A share (0 to 1) in per cent: one decimal from n = 100 on, whole per cent below.

    >>> percent(0.53, 5430), percent(0.125, 80), percent(1, 99)
    ('53,0\xa0%', '13\xa0%', '100\xa0%')
    """
    return f"{_german(_hundredfold(share, n))}{NO_BREAK}%"


def points(difference: float, n: int) -> str:
    r"""A difference of two shares in percentage points, signed; decimals as in :func:`percent`.

    >>> points(0.0321, 905), points(-0.01, 40), points(0.0, 905)
    ('+3,2\xa0Punkte', '−1\xa0Punkt', '0,0\xa0Punkte')
    """
    value = _hundredfold(difference, n)
    one = value.removeprefix("-") == "1"
    return f"{_with_sign(value)}{NO_BREAK}{'Punkt' if one else 'Punkte'}"


def place(low: int, high: int | None = None) -> str:
    r"""A place of a ranking or the range of possible places.

    >>> place(2), place(2, 2), place(2, 4)
    ('Platz\xa02', 'Platz\xa02', 'Platz\xa02 bis 4')
    """
    if high is None or high == low:
        return f"Platz{NO_BREAK}{low}"
    return f"Platz{NO_BREAK}{low} bis {high}"


def date_de(day: date) -> str:
    """A day in words.

    >>> date_de(date(2027, 5, 21))
    '21. Mai 2027'
    """
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def moment_de(moment: datetime) -> str:
    """A day with its time of day, in the zone that the moment carries.

    >>> moment_de(datetime(2027, 5, 21, 18)), moment_de(datetime(2027, 5, 21, 8, 5))
    ('21. Mai 2027, 18 Uhr', '21. Mai 2027, 8.05 Uhr')
    """
    time = f"{moment.hour}.{moment.minute:02}" if moment.minute else f"{moment.hour}"
    return f"{date_de(moment)}, {time} Uhr"


def in_english(printed: str) -> str:
    r"""A printed German number in English form: decimal point; thousands keep their thin space.

    >>> in_english("24,7\xa0%"), in_english("+3,2\xa0Punkte")
    ('24.7%', '+3.2 points')
    """
    text = printed.replace(",", ".").replace(f"{NO_BREAK}%", "%")
    return text.replace(f"{NO_BREAK}Punkte", " points").replace(f"{NO_BREAK}Punkt", " point")


def stopped_once(text: str) -> str:
    """The text without a full stop behind a quotation that ends with a stop of its own.

    >>> stopped_once("Gewählt ist „Nah. Klar. Verlässlich.“. Das sind 28,4 %.")
    'Gewählt ist „Nah. Klar. Verlässlich.“ Das sind 28,4 %.'
    """
    return _STOPPED_TWICE.sub("", text)


_QUOTED = re.compile("[„“][^“”]*[“”]")
_STOPPED_TWICE = re.compile("(?<=[.!?][“”])[.]")


def listed(words: Sequence[str], conjunction: str = "und") -> str:
    """The words as a German enumeration; with semicolons where words have commas of their own.

    >>> listed(["A", "B", "C"]), listed(["A", "B"], "oder"), listed(["A"]), listed([])
    ('A, B und C', 'A oder B', 'A', '')
    >>> listed(["Presse, Recht", "Revision"]), listed(["„Presse, Recht“", "„Revision“"])
    ('Presse, Recht; Revision', '„Presse, Recht“ und „Revision“')
    """
    if len(words) < 2:
        return "".join(words)
    if any(", " in _QUOTED.sub("", word) for word in words):
        return "; ".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def _hundredfold(share: float, n: int) -> str:
    return _text(share, 1 if n >= FINE_BASE else 0, 100)


def _text(value: float, digits: int, times: int = 1) -> str:
    """The rounded value with a decimal point and grouped thousands, as :func:`rounded` rounds.

    Only where halves are near is it worth while to reckon in decimals: they take five times as
    long, and a table has tens of thousands of numbers.

    >>> _text(0.0125, 1, 100), _text(0.125, 2), _text(-0.001, 1)
    ('1.3', '0.13', '0.0')
    """
    scaled = float(value) * times
    fine = abs(scaled) * 10**digits
    if not (fine < _SURE and abs(fine % 1 - 0.5) > 1 / _SURE):
        return f"{_quantised(Decimal(repr(float(value))) * times, digits):,f}"
    return f"{abs(scaled) if fine < 0.5 else scaled:,.{digits}f}"


def _quantised(exact: Decimal, digits: int) -> Decimal:
    if not exact.is_finite():
        raise ValueError(f"{exact} cannot be printed as a number")
    value = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return abs(value) if value.is_zero() else value


def _german(text: str) -> str:
    return text.replace(",", NARROW).replace(".", ",").replace("-", MINUS)


def _with_sign(text: str) -> str:
    shown = _german(text)
    return shown if shown.startswith(MINUS) or not text.strip("0.") else f"+{shown}"
