"""Simulated answers: into an urn like a browser's, or straight into a data set.

The pure parts stand in their own modules and are named here together: a population with a
known truth (``survey.population``, ``survey.truth``) and who of it answers (``survey.sample``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from survey.dataset import DataSet, write_data_set
from survey.desk import Desk, Submission
from survey.errors import SetupError
from survey.instrument import Questionnaire
from survey.population import Integers, Population, draw_population, stream
from survey.sample import Respondent, Sample, draw_sample, plain_answers, respondents
from survey.study import Study
from survey.truth import Truth, truth

__all__ = [
    "Population",
    "Respondent",
    "Sample",
    "Truth",
    "draw_population",
    "draw_sample",
    "respondents",
    "simulate",
    "simulate_data_set",
    "truth",
]


def simulate(
    desk: Desk,
    sample: Sample,
    codes: Sequence[str],
    now: datetime,
    progress: Callable[[int], None] = lambda _done: None,
) -> int:
    """Number of ballots cast at the desk for a sample, one code each where the study has codes.

    ``progress`` is called with the number of ballots handed over so far. Raises ``SetupError``
    for a study that is not marked as a demo: invented answers never enter a real urn.
    """
    require_demo(desk.study)

    def submissions() -> Iterator[Submission]:
        for done, person in enumerate(plain_answers(sample)):
            progress(done)
            code = codes[done] if codes else ""
            yield Submission(
                person.answers,
                person.orders,
                desk.study.language,
                code=code,
                text=person.text,
            )

    cast = desk.cast_many(submissions(), now)
    progress(len(sample.people))
    return cast


def require_demo(study: Study) -> None:
    """Raise ``SetupError`` unless a study is marked as a demo."""
    if not study.demo:
        raise SetupError(f"study {study.id} is no demo: its urn takes no simulated answers")


def write_truth(path: Path, values: Truth) -> None:
    """Write the true values as JSON: the whole file or nothing."""
    write_aside(path, values.to_json())


def require_writable(path: Path) -> None:
    """Raise ``OSError`` if :func:`write_aside` could not write there: before hours of work."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.touch()
    finally:
        aside.unlink(missing_ok=True)


def write_aside(path: Path, text: str) -> None:
    """Write a text file that is never there by halves; an earlier one is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def simulate_data_set(questionnaire: Questionnaire, n: int, seed: int, path: Path) -> DataSet:
    """A data set of ``n`` simulated answers written to a new file, without urn and seals."""
    sample = draw_sample(draw_population(questionnaire, seed), n, seed)
    rng = stream(seed, "texts")
    return write_data_set(
        path,
        study=replace(questionnaire.study, simulation=True),
        codebook=questionnaire.codebook,
        columns=sample.columns,  # type: ignore[arg-type]
        texts={
            id: [texts[i] for i in rng.permutation(len(texts)) if texts[i] is not None]
            for id, texts in sample.texts.items()
        },
        orders=_order_counts(sample),
        protocol={
            "source": "simulation",
            "seed": seed,
            "ballots": n,
            "accepted": n,
            "rejected": {},
        },
    )


def _order_counts(sample: Sample) -> dict[str, Any]:
    """Shown orders parted from the rows, as an opening parts them."""
    counts: dict[str, Any] = {}
    for shuffle in sample.population.questionnaire.instrument.shuffles:
        if shuffle.name not in sample.orders:
            continue
        drawn = sample.orders[shuffle.name]
        orders = range(len(shuffle.orders))
        counts[shuffle.name] = {
            "shown": [int((drawn == order).sum()) for order in orders],
            "moving": list(shuffle.moving),
            "values": {
                name: [_histogram(sample.columns[name][drawn == order]) for order in orders]
                for name in shuffle.variables
            },
        }
    return counts


def _histogram(values: Integers) -> dict[str, int]:
    found, counts = np.unique(values, return_counts=True)
    return {str(value): int(n) for value, n in zip(found, counts, strict=True)}
