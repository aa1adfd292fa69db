"""``survey attack``: play the adversaries and print what held."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from survey.attack import ADVERSARIES, attack, steps
from survey.attack.sentences import LANGUAGES
from survey.attack.sizes import Sizes
from survey.errors import SurveyError
from survey.files import write_new
from survey.progress import progress

_DEFAULT = Sizes()
_SOME = click.IntRange(min=2)


@click.command("attack")
@click.option("--database", "url", default="", help="An empty PostgreSQL database to attack.")
@click.option("--codes", type=_SOME, default=_DEFAULT.codes, show_default=True)
@click.option("--rounds", type=_SOME, default=_DEFAULT.rounds, show_default=True)
@click.option("--posts", type=_SOME, default=_DEFAULT.posts, show_default=True)
@click.option("--kills", type=_SOME, default=_DEFAULT.kills, show_default=True)
@click.option(
    "--only",
    "names",
    multiple=True,
    type=click.Choice(tuple(ADVERSARIES)),
    help="Play this adversary; may be given several times.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="New JSON file.")
@click.option("--lang", "language", type=click.Choice(LANGUAGES), default="de", show_default=True)
def command(
    url: str,
    codes: int,
    rounds: int,
    posts: int,
    kills: int,
    names: tuple[str, ...],
    out: Path | None,
    language: str,
) -> int:
    """Attack an installation of this program and print a protocol; status 1 if a promise breaks.

    Everything happens in a scratch home that is removed afterwards: people answer over the
    network, a thief copies everything after every response, the server is killed, false ballots
    are thrown in. With the default numbers it takes some minutes.
    """
    if out is not None and out.exists():
        raise SurveyError(f"{out} exists already and is not replaced")
    sizes = Sizes(codes, rounds, posts, kills)
    with (
        tempfile.TemporaryDirectory(prefix="attack-") as place,
        progress("attack", steps(sizes, names)) as step,
    ):
        protocol = attack(Path(place) / "scratch", sizes, names, url, step)
    click.echo(protocol.to_text(language), nl=False)
    if out is not None:
        content = protocol.to_json().encode()
        write_new(out, lambda file: file.write(content))
    return 0 if protocol.held else 1
