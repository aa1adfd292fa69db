"""How a reader sees the classes and quartiles of typed numbers and dates."""

from __future__ import annotations

from datetime import date

from reports import typography

QUARTILES = {
    ("mean", ""): "Mittelwert",
    ("median", ""): "Median: die eine Hälfte liegt darunter",
    ("quantile", "25"): "ein Viertel liegt darunter",
    ("quantile", "75"): "drei Viertel liegen darunter",
}
"""Statistic and category of a row to its name in a table."""


def class_words(name: str) -> str:
    r"""A class in words, from the name that it has in the long table.

    >>> class_words("<10"), class_words("10..19"), class_words(">=2.5"), class_words("7")
    ('unter 10', '10 bis 19', 'ab 2,5', '7')
    >>> class_words(">=2027-05-01")
    'ab 1. Mai 2027'
    """
    if name == "all":
        return "alle Angaben"
    for sign, word in (("<", "unter"), (">=", "ab")):
        if name.startswith(sign):
            return f"{word} {_limit(name.removeprefix(sign))}"
    return " bis ".join(_limit(part) for part in name.split(".."))


def _limit(text: str) -> str:
    try:
        return typography.date_de(date.fromisoformat(text))
    except ValueError:
        decimals = len(text.partition(".")[2])
        return typography.decimal(float(text), decimals)
