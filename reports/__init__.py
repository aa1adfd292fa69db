"""Evaluate an opened data set: gate, estimates, dossiers.

``open_study`` is the interface for analysts; nothing heavy is imported before it is called.

Linear algebra keeps to one thread, unless the environment says otherwise or numpy was there
before: matrices are at most some hundred wide, so that further threads only wait for each other
(half of the time of all estimates), and sums of one order give the same bytes on any machine.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.api import OpenedStudy

__all__ = ["open_study"]

for _library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")


def open_study(study: str | Path, home: str | Path | None = None) -> OpenedStudy:
    """The released estimates of a study, by its id or by the path of a data set.

    See :func:`reports.api.open_study`.
    """
    from reports.api import open_study

    return open_study(study, home)
