"""How many rows share their recorded attributes: k-anonymity, measured and not promised.

Source: Sweeney, L. (2002), k-anonymity: a model for protecting privacy, International Journal
of Uncertainty, Fuzziness and Knowledge-Based Systems 10, 557-570; that rows which share all
attributes may still share an answer: Machanavajjhala et al. (2007), l-diversity, ACM TKDD 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

Column = np.ndarray[Any, np.dtype[np.integer[Any]]]

SIZES = ((1, 1), (2, 2), (3, 4), (5, 9), (10, None))
"""Sizes of classes that the report tells apart, both ends included."""


@dataclass(frozen=True, slots=True)
class Subset:
    """The classes of some of the attributes: the smallest one, and rows that are alone."""

    attributes: tuple[str, ...]
    smallest: int
    unique: int


@dataclass(frozen=True, slots=True)
class Anonymity:
    """Classes of rows that agree in all attributes.

    ``k`` is the size of the smallest class, ``rows_by_size`` counts rows by the size of their
    class, ``alike`` counts rows of larger classes whose members all gave the same answer to a
    sensitive question, by that question's variable.
    """

    attributes: tuple[str, ...]
    rows: int
    classes: int
    k: int
    unique: int
    rows_by_size: Mapping[str, int]
    subsets: tuple[Subset, ...]
    alike: Mapping[str, int]


def anonymity(
    attributes: Mapping[str, Column], sensitive: Mapping[str, Column], rows: int
) -> Anonymity:
    """The report for columns of equal length ``rows``; without attributes all rows are one class.

    >>> found = anonymity({"unit": np.array([1, 1, 2])}, {"ill": np.array([0, 0, 1])}, 3)
    >>> found.k, found.unique, found.classes, found.alike
    (1, 1, 2, {'ill': 2})
    """
    names = tuple(attributes)
    classes = _classes([attributes[name] for name in names], rows)
    sizes = np.bincount(classes) if rows else np.zeros(0, dtype=np.int64)
    per_row = sizes[classes] if rows else sizes
    return Anonymity(
        names,
        rows,
        len(sizes),
        int(sizes.min(initial=rows)),
        int((sizes == 1).sum()),
        {_size(low, high): _between(per_row, low, high) for low, high in SIZES},
        tuple(_subsets(attributes, rows)),
        {name: _alike(classes, sizes, column) for name, column in sensitive.items()},
    )


def _subsets(attributes: Mapping[str, Column], rows: int) -> list[Subset]:
    """Every attribute alone and every two together."""
    found = []
    for size in (1, 2):
        for names in combinations(attributes, size):
            sizes = np.bincount(_classes([attributes[name] for name in names], rows))
            found.append(Subset(names, int(sizes.min(initial=rows)), int((sizes == 1).sum())))
    return found


def _classes(columns: Sequence[Column], rows: int) -> Column:
    """The class of every row, numbered from 0."""
    classes = np.zeros(rows, dtype=np.int64)
    for column in columns:
        _, places = np.unique(column, return_inverse=True)
        pairs = classes * (int(places.max(initial=0)) + 1) + places
        _, classes = np.unique(pairs, return_inverse=True)
    return classes


def _alike(classes: Column, sizes: Column, column: Column) -> int:
    """Rows of classes of two and more in which everybody gave the same answer."""
    if not len(column):
        return 0
    low = np.full(len(sizes), np.iinfo(np.int64).max)
    high = np.full(len(sizes), np.iinfo(np.int64).min)
    np.minimum.at(low, classes, column)
    np.maximum.at(high, classes, column)
    # A missing answer says nothing about anybody.
    same = (low == high) & (low >= 0) & (sizes > 1)
    return int(sizes[same].sum())


def _size(low: int, high: int | None) -> str:
    if high is None:
        return f"{low}+"
    return str(low) if low == high else f"{low}-{high}"


def _between(sizes: Column, low: int, high: int | None) -> int:
    return int(((sizes >= low) & ((sizes <= high) if high else True)).sum())
