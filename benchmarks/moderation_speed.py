"""How long the moderators' pages take with many free texts.

    python benchmarks/moderation_speed.py [TEXTS]

Makes a demo study whose 5,000 ballots hold a text each, opens its urn, and asks the pages through
the whole application: overview, list, one text, one decision. Prints the median and the longest
of 40 requests each, in milliseconds; the first request of a process, which reads all texts, apart.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import urn_example  # noqa: E402
from room import make_room  # noqa: E402

from survey import opening, studies  # noqa: E402

ROUNDS = 40
PATH = "/studies/staff/texts"


def measured(name: str, ask: Callable[[int], object], first: int = 1) -> None:
    """Print how long the requests of one kind took."""
    took = []
    for number in range(first, first + ROUNDS):
        begun = time.perf_counter()
        ask(number)
        took.append(1000 * (time.perf_counter() - begun))
    print(f"{name:12}  median {statistics.median(took):7.1f} ms   longest {max(took):7.1f} ms")


def main(texts: int) -> None:
    """Make the study and measure."""
    with tempfile.TemporaryDirectory() as folder:
        room = make_room(Path(folder) / "home")
        desk = urn_example.opened_desk(room.home, "staff")
        urn_example.fill(desk, texts)
        studies.close_study(room.home, "staff", urn_example.NOW)
        opening.open_on_server(room.home, "staff")
        browser = room.signed_in("moderator")
        begun = time.perf_counter()
        assert browser.get(PATH).status_code == 200
        print(f"{texts} texts; first request {1000 * (time.perf_counter() - begun):.0f} ms")
        browser.post(f"{PATH}/wish/themes", {"code": "a", "label": "A"})
        token = browser.csrf("/account")
        measured("overview", lambda _n: browser.get(PATH))
        measured("list", lambda n: browser.get(f"{PATH}/wish?page={n}"))
        measured("one text", lambda n: browser.get(f"{PATH}/wish/{n}"))
        sent = {"csrf": token, "decision": "clean", "theme": "a"}
        here = {"Sec-Fetch-Site": "same-origin"}
        measured(
            "decision",
            lambda n: browser.client.post(f"{PATH}/wish/{n}", data=sent, headers=here),
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
