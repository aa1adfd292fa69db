"""Adversaries who attack an installation as outsiders: files, tables and real requests.

``survey attack`` plays them in a scratch home and prints a protocol; none of them trusts a
check that the program makes itself. A new adversary is a module with a function ``play`` and
one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from survey import __version__, links
from survey.attack import changer, flood, forger, forms, guesser, kills, races, thief
from survey.attack.copies import data_directory
from survey.attack.findings import Finding, Protocol
from survey.attack.installation import Installation
from survey.attack.sizes import Sizes

Play = Callable[[Installation, Sizes, Callable[[], None]], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Adversary:
    """How an adversary is played, and in how many steps."""

    play: Play
    steps: Callable[[Sizes], int]


ADVERSARIES: dict[str, Adversary] = {
    "thief": Adversary(thief.play, lambda sizes: sizes.codes),
    "races": Adversary(races.play, lambda sizes: sizes.rounds),
    "kills": Adversary(kills.play, lambda sizes: sizes.kills),
    "guesser": Adversary(guesser.play, lambda sizes: 1),
    "forms": Adversary(forms.play, lambda sizes: 1),
    "flood": Adversary(flood.play, lambda sizes: 1),
    "changer": Adversary(changer.play, lambda sizes: 1),
    "forger": Adversary(forger.play, lambda sizes: 1),
}
"""In the order in which they are played."""


def attack(
    place: Path,
    sizes: Sizes,
    names: tuple[str, ...] = (),
    url: str = "",
    progress: Callable[[int], None] = lambda _done: None,
) -> Protocol:
    """The protocol of an attack on a scratch installation below ``place``, which is removed.

    ``url`` names an empty PostgreSQL database; ``progress`` is told the steps done so far.
    """
    installation = Installation(place, url)
    played = [ADVERSARIES[name] for name in names or tuple(ADVERSARIES)]
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        progress(done)

    try:
        installation.make()
        findings = [f for one in played for f in _played(one, installation, sizes, tell)]
        findings.sort(key=lambda finding: (len(finding.check), finding.check))
        return Protocol(
            __version__,
            links.kind(installation.home),
            date.today().isoformat(),
            {name: getattr(sizes, name) for name in Sizes.__slots__},
            findings,
            tuple(_notes(installation)),
        )
    finally:
        installation.remove()


def steps(sizes: Sizes, names: tuple[str, ...] = ()) -> int:
    """How many steps an attack has."""
    return sum(ADVERSARIES[name].steps(sizes) for name in names or tuple(ADVERSARIES))


def _played(
    adversary: Adversary, installation: Installation, sizes: Sizes, tell: Callable[[], None]
) -> Iterator[Finding]:
    """The findings of one adversary; one that cannot be played to its end has shown nothing."""
    try:
        yield from adversary.play(installation, sizes, tell)
    except Exception as error:
        name = adversary.play.__module__.rpartition(".")[2]
        said = str(error).splitlines()[0][:200] if str(error) else ""
        told = f"{type(error).__name__}: {said}"
        yield Finding("–", "not_played", told, "–", held=False, values={"name": name})


def _notes(installation: Installation) -> list[str]:
    notes = ["note_people", "note_process", "note_disk", "note_dated"]
    if links.kind(installation.home) == "postgresql":
        readable = data_directory(installation.home) is not None
        notes += ["note_server", "note_files_read" if readable else "note_files_unread"]
    return notes
