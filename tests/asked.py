"""Questions of any item type, and the estimates of a study that asks them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cityhall
import numpy as np
from numpy.typing import NDArray

from reports.estimates import Results
from reports.results import study_results
from survey.codebook import Codebook, Question, Scale
from survey.dataset import write_data_set
from survey.items import ITEM_TYPES
from survey.items.base import Item
from survey.study import Frame

Ints = NDArray[np.int64]
Columns = dict[str, Ints]
PEOPLE = 2000


def item(type: str, id: str, **more: object) -> Item:
    return ITEM_TYPES[type].model_validate({"id": id, "type": type, "text": f"{id}?", **more})


def made(
    path: Path,
    columns: Mapping[str, Ints],
    questions: Sequence[Question],
    *,
    census: bool = True,
    people: int = PEOPLE,
    orders: Mapping[str, Any] | None = None,
) -> Results:
    names = [v.name for q in questions for v in q.variables if v.scale is not Scale.TEXT]
    kept = {name: columns[name].tolist() for name in names}
    frame = Frame(("kind",), {("all",): people}, "2027-01-01", "Liste") if census else None
    kind = cityhall.choice("kind", cityhall.names(["all"]))
    study = cityhall.study(frame)
    data_set = write_data_set(
        path / f"{len(list(path.iterdir()))}.zip",
        study=study,
        codebook=Codebook("city", "0" * 64, "1", "de", (kind, *questions)),
        columns={"kind": [1] * len(next(iter(kept.values()))), **kept},
        texts={},
        orders=orders or {},
        protocol={},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return study_results(data_set)
