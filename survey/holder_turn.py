"""A key holder's turn, on an own machine: with an exported urn or with test ballots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pyrage

from survey.dataset import DataSet
from survey.layers import open_urn
from survey.progress import Progress, silent
from survey.study import Study
from survey.urn_file import read_urn_file


class Outcome(StrEnum):
    """What came of a turn, and where its file goes."""

    NEXT_HOLDER = "next_holder"
    DATA_SET = "data_set"
    REHEARSAL_NEXT = "rehearsal_next"
    REHEARSAL_DONE = "rehearsal_done"


@dataclass(frozen=True, slots=True)
class Turn:
    """A finished turn; ``next_holder`` is empty if the file goes back to the server."""

    outcome: Outcome
    study: str
    title: str
    out: Path
    next_holder: str = ""
    data_set: DataSet | None = None

    @property
    def protocol(self) -> dict[str, Any]:
        """The protocol of the opening, empty before the last turn."""
        return dict(self.data_set.protocol) if self.data_set else {}


def take_turn(
    path: Path,
    identities: Sequence[pyrage.x25519.Identity],
    out: Path,
    progress: Progress = silent,
) -> Turn:
    """Take the layer off whose turn it is, and write what is left to a new file.

    Raises ``SurveyError`` if the keys are not those of the holder whose turn it is.
    """
    with read_urn_file(path) as (header, sealed):
        study = Study.from_json(header.study)
        later = header.layers[1] if len(header.layers) > 1 else ()
        names = [h.holder for h in header.holders if {h.key, h.rehearsal} & set(later)]
        following, test = ", ".join(names), bool(header.checks)
        if not test:
            data_set = open_urn(header, sealed, identities, out, progress)
            outcome = Outcome.NEXT_HOLDER if data_set is None else Outcome.DATA_SET
            return Turn(outcome, study.id, study.title, out, following, data_set)
    # Loaded only here: most turns are no rehearsal, and it needs much.
    from survey.rehearsal import take_part

    last = take_part(path, identities, out)
    outcome = Outcome.REHEARSAL_DONE if last else Outcome.REHEARSAL_NEXT
    return Turn(outcome, study.id, study.title, out, following)
