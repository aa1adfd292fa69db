"""How long sealing and opening take, and how much memory the opening needs.

    python benchmarks/urn_speed.py [BALLOTS] [DATABASE]

Ballots have 4 KiB and two holders. Prints milliseconds per sealed and per stored ballot, and for
each holder's turn and for the import the seconds, ballots per second and the largest memory of
the process and its helpers. The goals: 1 ms to seal, 22,000 ballots opened in 20 s, 200,000 in
4 minutes on two cores, below 500 MB.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from survey import ballot, keys, opening, studies
from survey.desk import Desk, Submission
from survey.home import Home
from survey.questionnaire import Bundle
from survey.sign_off import sign
from survey.sign_off_record import Office

NOW = datetime.now(UTC)
HOLDERS = ("first", "last")
TEXT = "Mehr Zeit für die Bürgerinnen und Bürger, weniger doppelte Ablage." * 4

YAML = """\
schema: 1
study:
  id: speed
  title: Wie schnell?
  regime: open_participation
  access: open
  opening: all
  population: Alle
  closes: 2099-05-21T18:00:00+02:00
scales:
  agree:
    scored: true
    steps:
      - {code: 1, label: gar nicht}
      - {code: 2, label: wenig}
      - {code: 3, label: teils}
      - {code: 4, label: ziemlich}
      - {code: 5, label: sehr}
lists:
  topics:
    - {code: a, label: Wege}
    - {code: b, label: Zeit}
    - {code: c, label: Raum}
    - {code: d, label: Team}
pages:
  - id: only
    title: Fragen
    items:
      - {id: rank, type: ranking, text: Was zuerst?, list: topics, depth: 3, shuffle: true}
"""
RATINGS = 20


def questionnaire() -> str:
    """Twenty ratings, a ranking and a free text: ballots of 4 KiB."""
    line = "      - {{id: q{n}, type: rating, text: 'Frage {n}?', scale: agree}}\n"
    last = "      - {id: wish, type: text, text: 'Was noch?', max_length: 650}\n"
    return YAML + "".join(line.format(n=n) for n in range(RATINGS)) + last


def submissions(count: int) -> Iterator[Submission]:
    """As many different answers."""
    for number in range(count):
        answers: dict[str, object] = {f"q{n}": str(1 + (number + n) % 5) for n in range(RATINGS)}
        answers |= {"rank": ["a", "b", "c"], "wish": TEXT}
        yield Submission(answers, {"rank": number % 4})  # type: ignore[arg-type]


def opened_desk(home: Home, place: Path) -> Desk:
    """The desk of an open study with two key holders."""
    studies.add_study(home, Bundle(questionnaire()))
    for name in HOLDERS:
        recipient = keys.create_holder_key(place / f"{name}.key", name)
        studies.register_recipient(home, "speed", recipient)
    for office in Office:
        sign(home, "speed", office, f"Person of {office.value}", NOW.date(), NOW)
    studies.open_study(home, "speed", NOW)
    return Desk.open(home, "speed")


def sealing(desk: Desk, rounds: int = 300) -> float:
    """Milliseconds to encode, sign and seal a ballot."""
    (one,) = submissions(1)
    made = ballot.Ballot("speed", desk.instrument.hash, one.ballot_key, one.answers, one.orders)
    start = time.process_time()
    for _ in range(rounds):
        desk.seal.close(ballot.encode(made, desk.signing_key, desk.seal.size))
    return (time.process_time() - start) / rounds * 1000


def turn(name: str, arguments: list[str], ballots: int) -> float:
    """Seconds of one step in a process of its own; prints it with its work and its memory."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "survey.cli", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    speed, most = ballots / seconds, after.ru_maxrss / 1024
    print(f"{name}: {seconds:.1f} s ({work:.1f} s of work), {speed:,.0f}/s, at most {most:.0f} MB")
    return seconds


def main(count: int = 22_000, database: str = "") -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        home = Home(place / "home")
        if database:
            home.set_database(database)
        desk = opened_desk(home, place)
        print(f"ballots of {desk.seal.size} bytes, stored in {desk.seal.stored_size}")
        print(f"sealing: {sealing(desk):.2f} ms per ballot")
        start = time.process_time()
        desk.cast_many(submissions(count), NOW)
        each = (time.process_time() - start) / count * 1000
        print(f"checking, sealing and storing: {each:.2f} ms per ballot")
        studies.close_study(home, "speed", NOW)
        out = [str(place / f"urn-{number}.zip") for number in range(3)]
        at = ["--home", str(home.path), "urn"]
        taken = turn("export", [*at, "export", "speed", "--out", out[0]], count)
        for name, source, target in zip(HOLDERS, out, out[1:], strict=False):
            key = str(place / f"{name}.key")
            words = [*at, "open", source, "--key", key, "--out", target]
            taken += turn(f"{name} holder", words, count)
        opening.read_data_set(Path(out[2]))
        taken += turn("import", [*at, "import", "speed", out[2]], count)
        print(f"the whole opening: {taken:.1f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:3])
