"""Which inference a study carries, as a type: no interval exists without a census attempt.

Every function that returns an :class:`Interval` takes a :class:`Census`, and a ``Census`` cannot
be made for any other regime. For an opt-in study there is nothing to pass.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reports.errors import EstimateError
from survey.study import Regime, Study

Floats = NDArray[np.float64]
Names = NDArray[np.str_]

LEVEL = 0.95
"""The one confidence level of all tables."""


@final
@dataclass(frozen=True, slots=True)
class Census:
    """Everybody was asked, some answered: the only design that carries inference.

    >>> Census(Regime.OPEN_PARTICIPATION)
    Traceback (most recent call last):
    reports.errors.EstimateError: open_participation carries no inference: no interval exists
    """

    regime: Regime = Regime.CENSUS_ATTEMPT

    def __post_init__(self) -> None:
        if self.regime is not Regime.CENSUS_ATTEMPT:
            raise EstimateError(f"{self.regime} carries no inference: no interval exists")


@final
@dataclass(frozen=True, slots=True)
class OptIn:
    """Whoever wanted took part: counts and shares of the participants, nothing beyond."""

    regime: Regime

    def __post_init__(self) -> None:
        if self.regime not in (Regime.OPEN_PARTICIPATION, Regime.SELF_SELECTED_READING):
            raise EstimateError(f"{self.regime} is not an opt-in study")


Design = Census | OptIn


def design_of(study: Study) -> Design:
    """The design that the study's regime stands for.

    Raises ``EstimateError`` for a probability sample, which no estimator covers yet.
    """
    if study.regime is Regime.CENSUS_ATTEMPT:
        return Census(study.regime)
    return OptIn(study.regime)


@final
@dataclass(frozen=True, slots=True)
class Interval:
    """Estimates with their standard errors and limits, arrays of one shape.

    nan marks what does not exist (an empty base, a full count); ``method`` names how the limits
    were made, "" where there are none, ``full_count`` where everybody answered.
    """

    value: Floats
    se: Floats
    low: Floats
    high: Floats
    n_eff: Floats
    method: Names
    design: InitVar[Census]

    def __post_init__(self, design: Census) -> None:
        if not isinstance(design, Census):
            raise EstimateError("an interval needs a census attempt")

    @property
    def shape(self) -> tuple[int, ...]:
        """The common shape of all arrays."""
        return self.value.shape


def floats(*arrays: ArrayLike) -> tuple[Floats, ...]:
    """The arrays as floats, broadcast to one shape of at least one axis, each a copy of its own.

    >>> [a.tolist() for a in floats([1, 2], 10)]
    [[1.0, 2.0], [10.0, 10.0]]
    """
    wide = np.broadcast_arrays(*(np.asarray(a, dtype=np.float64) for a in arrays))
    return tuple(np.array(a, dtype=np.float64, ndmin=1) for a in wide)


def divide(top: ArrayLike, bottom: ArrayLike) -> Floats:
    """Elementwise quotient, nan where the divisor is not positive.

    >>> divide([1, 1], [2, 0]).tolist()
    [0.5, nan]
    """
    a, b = floats(top, bottom)
    out: Floats = np.full(a.shape, np.nan)
    np.divide(a, b, out=out, where=b > 0)
    return out


def unanswered(n: ArrayLike, N: ArrayLike) -> Floats:
    """The finite population factor 1 - n/N; 1 where N is unknown (nan), never below 0.

    >>> unanswered([50, 50], [100, float("nan")]).tolist()
    [0.5, 1.0]
    """
    n_, N_ = floats(n, N)
    f = divide(n_, N_)
    out: Floats = np.clip(1.0 - np.where(np.isnan(f), 0.0, f), 0.0, 1.0)
    return out
