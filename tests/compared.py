"""Answers to best–worst sets, compared pairs and shared-out points of people with one taste."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from asked import Columns

from survey.codebook import Question


def compared(
    questions: Sequence[Question],
    rng: np.random.Generator,
    n: int,
    taste: Sequence[float],
    shares: Sequence[float],
) -> Columns:
    """Complete answers to "bw", "duel" and "pts": how well each code is liked, and its points."""
    columns, liked = Columns(), np.array(taste)
    asked = {question.id: question.variables for question in questions}
    for variable in asked["bw"]:
        if variable.element.endswith(".best"):
            values = np.array([code.value for code in variable.answers])
            drawn = liked[values - 1] + rng.gumbel(size=(n, values.size))
            columns[variable.name] = values[drawn.argmax(axis=1)]
            columns[variable.name.replace("_best", "_worst")] = values[drawn.argmin(axis=1)]
    for variable in asked["duel"]:
        one, other, equal = (code.value for code in variable.answers)
        first = rng.random(n) < 1 / (1 + np.exp(liked[other - 1] - liked[one - 1]))
        columns[variable.name] = np.where(
            rng.random(n) < 0.2, equal, np.where(first, one, other)
        ).astype(np.int64)
    points = rng.multinomial(10, shares, n)
    return columns | {v.name: points[:, place] for place, v in enumerate(asked["pts"])}
