"""The long table with other limits for unweighted shares, for whoever wants to compare them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from reports.assembly.rows import number
from reports.estimates import Estimate, Results
from reports.estimators.design import Census, Interval, design_of
from reports.estimators.share_options import agresti_coull, clopper_pearson

METHODS: Mapping[str, Callable[..., Interval]] = MappingProxyType(
    {"agresti_coull": agresti_coull, "clopper_pearson": clopper_pearson}
)
"""The methods by the name that an analyst gives."""

SHARES = ("share", "top2", "bottom2", "first", "top_k", "class_share")
"""Statistics whose rows are shares of counted answers."""


def with_limits(results: Results, method: str) -> Results:
    """The same results with the limits of ``method`` wherever a counted share has limits.

    Values, standard errors, weighted rows and everything else stay. Dossiers never use this.
    Raises ``KeyError`` for a method that is none.
    """
    make, design = METHODS[method], design_of(results.release.study)
    places = [i for i, row in enumerate(results.rows) if _has_limits(row)]
    if not places or not isinstance(design, Census):
        return results
    rows = [results.rows[i] for i in places]
    n = np.array([float(row.base_n or 0) for row in rows])
    x = np.rint(np.array([row.value for row in rows], dtype=np.float64) * n)
    N = np.array([np.nan if row.base_N is None else float(row.base_N) for row in rows])
    found, made = make(design, x, n, N), list(results.rows)
    for place, row, at in zip(places, rows, range(len(rows)), strict=True):
        made[place] = replace(
            row,
            low=number(found.low[at]),
            high=number(found.high[at]),
            n_eff=number(found.n_eff[at]),
            method=str(found.method[at]),
        )
    return replace(results, rows=tuple(made))


def _has_limits(row: Estimate) -> bool:
    return row.statistic in SHARES and row.value is not None and row.low is not None
