"""How long the access codes of a large staff take to print.

    python benchmarks/codes_speed.py [CODES]

Prints seconds, seconds of work of all processes and megabytes of cards and of letters. The goal:
22,000 cards in ten minutes.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from urn_speed import questionnaire

from survey import studies
from survey.code_batches import print_codes
from survey.code_cards import Form, Imprint
from survey.home import Home
from survey.progress import progress
from survey.questionnaire import Bundle

IMPRINT = Imprint(
    "Wie arbeiten wir morgen?",
    "https://umfrage.example.org/s/speed/",
    "Stadt Musterstadt",
    "Projektteam, Telefon 0000 12345",
    "29. Mai 2027, 18 Uhr",
    "Die Teilnahme ist freiwillig.",
)


def work() -> float:
    """Seconds of work of this process and of those that it waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(count: int = 22_000) -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        with_codes = questionnaire().replace("access: open", "access: codes")
        studies.add_study(home, Bundle(with_codes))
        for form in Form:
            out = Path(folder) / form.value
            start, before = time.perf_counter(), work()
            with progress(f"printing {count} {form.value}", count) as step:
                batches = print_codes(home, "speed", {"": count}, IMPRINT, form, out, step)
            seconds = time.perf_counter() - start
            size = sum(path.stat().st_size for path in out.iterdir()) / 1e6
            print(
                f"{form.value}: {seconds:.1f} s ({work() - before:.1f} s of work), "
                f"{len(batches)} files, {size:.0f} MB"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
