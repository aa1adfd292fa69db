"""The shipped staff questionnaire with its largest departments parted until there are enough."""

from __future__ import annotations

import csv
import heapq
import re
from collections import defaultdict
from pathlib import Path

from survey.questionnaire import Questionnaire, read_questionnaire

VISION = Path(__file__).parent.parent / "questionnaires" / "vision"
_CODE = re.compile(r'^    - \{code: (?P<code>\w+), label: (?P<label>"[^"]*"|[^,}]*), parent')


def staff_of(departments: int, folder: Path) -> Questionnaire:
    """The questionnaire, written to a folder and read again, with so many departments."""
    cells = defaultdict[str, dict[str, int]](dict)
    with (VISION / "staff-headcounts.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cells[row["department"]][row["workplace"]] = int(row["headcount"])
    parts = _parts({code: sum(own.values()) for code, own in cells.items()}, departments)
    # Without its translations, which name every department.
    source = (VISION / "staff.yaml").read_text("utf-8")
    lines = re.sub(r"^  translations:\n(?:    .*\n)+|^    total: .*\n", "", source, flags=re.M)
    text = "\n".join(line for old in lines.splitlines() for line in _parted(old, parts))
    (folder / "staff.yaml").write_text(text + "\n", "utf-8")
    heads = ["department,workplace,headcount"]
    for code, own in cells.items():
        for name in _names(code, parts[code]):
            heads += [f"{name},{place},{count // parts[code]}" for place, count in own.items()]
    (folder / "staff-headcounts.csv").write_text("\n".join(heads) + "\n", "utf-8")
    return read_questionnaire(folder / "staff.yaml")


def _parts(sizes: dict[str, int], wanted: int) -> dict[str, int]:
    """Into how many parts each department goes; the largest part is parted next."""
    parts = dict.fromkeys(sizes, 1)
    heap = [(-size, code) for code, size in sizes.items()]
    heapq.heapify(heap)
    for _ in range(wanted - len(sizes)):
        _, code = heap[0]
        parts[code] += 1
        heapq.heapreplace(heap, (-sizes[code] / parts[code], code))
    return parts


def _names(code: str, count: int) -> list[str]:
    return [code] if count == 1 else [f"{code}{number}" for number in range(1, count + 1)]


def _parted(line: str, parts: dict[str, int]) -> list[str]:
    found = _CODE.match(line)
    if found is None or parts.get(found["code"], 1) == 1:
        return [line]
    label = found["label"].strip('"')
    return [
        line.replace(f"code: {found['code']},", f"code: {name},", 1).replace(
            found["label"], f'"{label}, {number}. Abteilung"', 1
        )
        for number, name in enumerate(_names(found["code"], parts[found["code"]]), start=1)
    ]
