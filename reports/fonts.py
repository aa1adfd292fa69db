"""The typeface of dossiers and charts: four static cuts of Source Sans 3, made once.

The package carries one variable file for upright and one for italic; matplotlib would draw
its default instance, which is not the regular weight. The cuts are subset first and then
instanced (the other way round takes four times as long), renamed because the licence reserves
the original name for unchanged files, and kept in a cache, never in the repository.

``python -m reports.fonts`` makes them ahead of the first dossier.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import fontpkg_source_sans_3

from reports.installed import installed_version

FAMILY = "Meinungsbild Sans"
"""Family name of the cuts, so that no font installed on the machine is taken for them."""

SOURCE_FAMILY = "Source Sans 3"
"""Name of the typeface in an imprint."""

PACKAGE = "fontpkg-source-sans-3"


@dataclass(frozen=True, slots=True)
class Cut:
    """One static cut: its name, weight (CSS) and whether it is italic."""

    name: str
    weight: int
    italic: bool = False

    @property
    def style(self) -> str:
        """The CSS keyword."""
        return "italic" if self.italic else "normal"


CUTS = (
    Cut("Regular", 400),
    Cut("Semibold", 600),
    Cut("Bold", 700),
    Cut("Italic", 400, italic=True),
)

RANGES = (
    (0x20, 0x7E),  # Basic Latin
    (0xA0, 0x17F),  # Latin-1 with soft hyphen and no-break space, Latin Extended-A
    (0x218, 0x21B),  # Romanian comma letters
    (0x2007, 0x200B),  # figure, thin and zero-width spaces
    (0x2010, 0x2015),  # hyphens and dashes
    (0x2018, 0x201F),  # quotation marks
    (0x2020, 0x2022),
    (0x2026, 0x202F),
    (0x2030, 0x2033),
    (0x2039, 0x203A),
    (0x2190, 0x2193),  # arrows
)
SIGNS = "€№™−×≈≠≤≥■□▲△▼▽●○◆◇✓"


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the cuts are kept: ``MEINUNGSBILD_CACHE``, else the user's cache folder.

    >>> cache_folder({"MEINUNGSBILD_CACHE": "/var/cache/meinungsbild"}).as_posix()
    '/var/cache/meinungsbild'
    """
    if own := environment.get("MEINUNGSBILD_CACHE"):
        return Path(own)
    base = environment.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "meinungsbild"


def font_files(cache: Path | None = None) -> dict[Cut, Path]:
    """The files of all cuts by cut; made now if the cache does not hold them (about 15 s)."""
    folder = (cache or cache_folder()) / "fonts" / _recipe()
    if not folder.is_dir():
        _make_aside(folder)
    return {cut: folder / f"{cut.name}.ttf" for cut in CUTS}


def _recipe() -> str:
    """Name of the cache folder: whatever changes the bytes changes the name."""
    versions = [installed_version(name) for name in (PACKAGE, "fonttools")]
    recipe = repr((FAMILY, CUTS, RANGES, SIGNS, versions, 1))
    return f"source-sans-{versions[0]}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"


def _make_aside(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        for italic in (False, True):
            _instance([cut for cut in CUTS if cut.italic is italic], aside)
        aside.chmod(0o755)
        try:
            aside.rename(folder)
        except OSError:
            # Another process was faster; its files have the same bytes.
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _instance(cuts: Iterable[Cut], folder: Path) -> None:
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    cuts = list(cuts)
    style = "-Italic" if cuts[0].italic else ""
    files = Path(fontpkg_source_sans_3.__file__).parent / "files"
    source = files / f"SourceSans3{style}[wght].ttf"
    options = subset.Options(layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "tnum"])
    options.hinting = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=_characters())
    with TTFont(source, recalcTimestamp=False) as font:
        subsetter.subset(font)
        font.save(folder / f"variable{style}.ttf")
    for cut in cuts:
        with TTFont(folder / f"variable{style}.ttf", recalcTimestamp=False) as variable:
            static = instancer.instantiateVariableFont(variable, {"wght": cut.weight})
            _name(static, cut)
            static.save(folder / f"{cut.name}.ttf")
    (folder / f"variable{style}.ttf").unlink()


def _characters() -> list[int]:
    ranged = [code for first, last in RANGES for code in range(first, last + 1)]
    return ranged + [ord(sign) for sign in SIGNS]


def _name(font: object, cut: Cut) -> None:
    """Give a cut its own names; the copyright and licence records stay."""
    table = font["name"]  # type: ignore[index]
    table.names = [record for record in table.names if record.nameID in (0, 13, 14)]
    linked = cut.name in ("Regular", "Bold", "Italic")
    postscript = f"{FAMILY.replace(' ', '')}-{cut.name}"
    names = {
        1: FAMILY if linked else f"{FAMILY} {cut.name}",
        2: cut.name if linked else "Regular",
        3: postscript,
        4: f"{FAMILY} {cut.name}",
        5: f"Version {installed_version(PACKAGE)}",
        6: postscript,
    }
    if not linked:
        names |= {16: FAMILY, 17: cut.name}
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)


if __name__ == "__main__":
    for file in font_files().values():
        print(file)
