"""Evaluate an opened data set: gate, estimates, dossiers.

``open_study`` is the interface for analysts; nothing heavy is imported before it is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.api import OpenedStudy

__all__ = ["open_study"]


def open_study(study: str | Path, home: str | Path | None = None) -> OpenedStudy:
    """The released estimates of a study, by its id or by the path of a data set.

    See :func:`reports.api.open_study`.
    """
    from reports.api import open_study

    return open_study(study, home)
