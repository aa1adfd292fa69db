"""A process that casts ballots for the codes on its input, or has children killed doing so.

It prints "ready" before it reads, so that several can be let loose at once.
``python -m casting HOME KILLS``: with 0 kills it prints a receipt per code; otherwise it
forks that many children one after the other, kills each in the middle and prints "killed".
"""

from __future__ import annotations

import os
import random
import signal
import sys
from pathlib import Path

from urn_example import NOW, answers

from survey.desk import Desk, Submission
from survey.home import Home


def main() -> None:
    """Do what the command line says."""
    home, kills = Home(Path(sys.argv[1])), int(sys.argv[2])
    door = Desk.open(home, "staff")
    print("ready", flush=True)
    drawn = sys.stdin.read().split()
    if not kills:
        for code in drawn:
            print(door.cast(Submission(answers(1), code=code), NOW).name)
        return
    share = len(drawn) // kills
    for number in range(kills):
        _kill_one(door, drawn[number * share : (number + 1) * share], random.Random(number))


def _kill_one(door: Desk, drawn: list[str], chance: random.Random) -> None:
    """Kill a child after it has told that a number of ballots are stored: the next is under way."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        for code in drawn:
            door.cast(Submission(answers(1), code=code), NOW)
            os.write(writing, b".")
        os._exit(1)
    os.close(writing)
    for _ in range(chance.randint(1, len(drawn) // 4)):
        os.read(reading, 1)
    # Somewhere inside the next transaction: a spin of random length, far shorter than a cast.
    for _ in range(chance.randint(0, 20_000)):
        pass
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(reading)
    if os.WIFSIGNALED(status):
        print("killed", flush=True)


if __name__ == "__main__":
    main()
