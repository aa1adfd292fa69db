"""How long the gate and its self-attack take for a large plan, in seconds.

python benchmarks/gate.py            25 departments, 60 items, 3 crossings; then 90 units
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from cityhall import SCALE, choice, names, store, study

from reports.disclosure import release
from survey.codebook import Codebook, Role
from survey.dataset import DataSet
from survey.study import Evaluation, Frame


def city(path: Path, units: int, items: int, people: int = 22_000) -> DataSet:
    """A census of many units by workplace, leadership and age, a quarter of whom answer."""
    rng = np.random.default_rng(4)
    heads = np.maximum(8, rng.lognormal(0, 1.1, units))
    heads = np.maximum(8, heads / heads.sum() * people).astype(int)
    codes = [f"d{unit}" for unit in range(units)]
    parents = {code: f"x{place % 9}" for place, code in enumerate(codes)}
    desks = np.clip((heads * rng.random(units)).astype(int), 1, heads - 1)
    frame = Frame(
        ("department", "workplace"),
        {(c, w): int(n) for c, h, d in zip(codes, heads, desks, strict=True)
         for w, n in (("desk", d), ("yard", h - d))},
    )  # fmt: skip
    answers = rng.binomial(heads, 0.25)
    department = np.repeat(np.arange(1, units + 1), answers)
    n = len(department)
    desk = rng.random(n) < (desks / heads)[department - 1]
    columns: dict[str, NDArray[np.int64]] = {
        "department": np.where(rng.random(n) < 0.02, -1, department),
        "workplace": np.where(rng.random(n) < 0.03, -1, np.where(desk, 1, 2)),
        "leader": np.where(rng.random(n) < 0.12, 1, 2),
        "age": rng.integers(1, 5, n),
    }
    for item in range(items):
        missing = rng.random(n) < rng.uniform(0, 0.3)
        columns[f"q{item}"] = np.where(missing, -1, rng.integers(1, 6, n))
    questions = (
        choice("department", names(codes, parents), Role.DEPARTMENT),
        choice("workplace", names(["desk", "yard"]), Role.WORKPLACE),
        choice("leader", names(["yes", "no"]), Role.DEMOGRAPHIC),
        choice("age", names(["a", "b", "c", "d"]), Role.DEMOGRAPHIC),
        *(choice(f"q{item}", SCALE, Role.ASSESSMENT) for item in range(items)),
    )
    by = [("department",), ("workplace",), ("leader",), ("age",)]
    by += [("department", other) for other in ("workplace", "leader", "age")]
    planned = tuple(Evaluation(role="assessment", by=attributes) for attributes in by)
    made = replace(study(frame), evaluations=planned)
    return store(path, made, Codebook("city", "0" * 64, "1", "de", questions), columns)


def main() -> None:
    """Print seconds and the protocol for both sizes."""
    for units, items in ((25, 60), (90, 60)):
        with tempfile.TemporaryDirectory() as folder:
            data_set = city(Path(folder) / "set.zip", units, items)
            start = time.perf_counter()
            found = release(data_set).attack
            seconds = time.perf_counter() - start
        assert found is not None
        print(f"{units} units, {items} items: {seconds:.1f} s, {found.to_json()}")


if __name__ == "__main__":
    main()
