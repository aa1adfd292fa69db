"""A server that runs for long neither grows nor loses a ballot.

A minute in every check; an hour by ``MEINUNGSBILD_SOAK_SECONDS=3600 pytest tests/test_soak.py``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from crowd import STUDY, city

from survey.attack.visitor import Visitor

SECONDS = float(os.environ.get("MEINUNGSBILD_SOAK_SECONDS", "60"))
PEOPLE_A_SECOND = 12
"""More than two workers manage beside two people who take turns."""
ROUNDS = 6
GROWTH_MB = 8.0


def test_under_lasting_load_memory_and_file_handles_stay_and_every_ballot_is_kept(
    tmp_path: Path,
) -> None:
    people = int(SECONDS * PEOPLE_A_SECOND) + 200
    with city(tmp_path, people) as one, ThreadPoolExecutor(2) as pool:
        everybody = iter(enumerate(one.codes))
        thanked = 0

        def answered(number: int) -> int:
            """How many of the next people were thanked."""
            drawn = list(islice(everybody, number))
            visits = pool.map(
                lambda who: Visitor(who[0], one.server.port, STUDY).answer(who[1]), drawn
            )
            return sum("Vielen Dank" in page.text for page in visits)

        thanked += answered(100)
        seen = [_weighed(one.server.processes)]
        for _ in range(ROUNDS):
            end = time.monotonic() + SECONDS / ROUNDS
            while time.monotonic() < end:
                # Half of the time goes by, so that the load is half of what is possible.
                began = time.monotonic()
                thanked += answered(10)
                time.sleep(time.monotonic() - began)
            seen.append(_weighed(one.server.processes))
        assert thanked == one.installation.count("ballots", STUDY)
        one.adds_up()
        files = [handles for _, handles in seen]
        assert max(files) <= files[0] + 4, seen
        assert seen[-1][0] <= seen[1][0] + GROWTH_MB, seen


def _weighed(pids: Sequence[int]) -> tuple[float, int]:
    """Megabytes that belong to these processes alone, and their open file handles."""
    kilobytes = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(("Private_Clean:", "Private_Dirty:")):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024, sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids)
