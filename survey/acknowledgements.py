"""Notes that the author has acknowledged in the file, each with its reason."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from survey.document import Document
from survey.findings import ERROR, WARNING, Finding, nearest
from survey.sentences import SENTENCES
from survey.yaml_source import Path, Source

Findings = tuple[Finding, ...]


def settle(
    document: Document, main: Sequence[Finding], beside: Mapping[str, Findings]
) -> tuple[Findings, dict[str, Findings]]:
    """What is left to say about the questionnaire and the files beside it.

    An acknowledged note is dropped; an acknowledgement that meets no note becomes one itself.
    A note is acknowledged by its code and the id of the item or page, the name of the scale or
    list, or the key at the margin around it; in a file beside it, by the file's name.
    """
    where = _Parts(document.source)
    given = {(entry.code, entry.where) for entry in document.acknowledged}
    met: set[tuple[str, str]] = set()

    def stays(finding: Finding, name: str) -> bool:
        hit = finding.severity == WARNING and (finding.code, name) in given
        if hit:
            met.add((finding.code, name))
        return not hit

    kept = [f for f in main if stays(f, where.around(f))]
    others = {
        name: tuple(f for f in findings if stays(f, name)) for name, findings in beside.items()
    }
    everything = chain(main, *beside.values())
    kept += _unmet(document, met, any(f.severity == ERROR for f in everything))
    return tuple(kept), others


def _unmet(document: Document, met: set[tuple[str, str]], errors: bool) -> Iterator[Finding]:
    for i, entry in enumerate(document.acknowledged):
        path: Path = ("acknowledged", i)
        if entry.code not in SENTENCES:
            values = {"found": entry.code, "guess": nearest(entry.code, SENTENCES)}
            yield document.finding("unknown_note", (*path, "code"), **values)
        elif (entry.code, entry.where) not in met and not errors:
            # With errors in the file the note may be hidden behind one of them.
            values = {"found": entry.code, "name": entry.where}
            yield document.finding("acknowledged_nothing", (*path, "code"), WARNING, **values)


class _Parts:
    """The named parts of a file in the order of their places."""

    def __init__(self, source: Source) -> None:
        parts = [
            (place.line, place.column, name)
            for path, place in source.keys.items()
            if (name := _section_name(path))
        ]
        parts += [
            (place.line, place.column, name)
            for path, place in source.values.items()
            if (name := _entry_name(source, path))
        ]
        self._parts = sorted(parts)

    def around(self, finding: Finding) -> str:
        """The name of the part that a finding stands in."""
        place = bisect_right(self._parts, (finding.line, finding.column, "\U0010ffff"))
        return self._parts[place - 1][2] if place else ""


def _section_name(path: Path) -> str:
    named = len(path) == 1 or (len(path) == 2 and path[0] in ("scales", "lists"))
    return str(path[-1]) if named else ""


def _entry_name(source: Source, path: Path) -> str:
    """The id of a page or of an item."""
    page = len(path) == 2 and path[0] == "pages"
    item = len(path) == 4 and path[0] == "pages" and path[2] == "items"
    if not (page or item):
        return ""
    part = source.data
    for step in path:
        part = part[step]
    return str(part.get("id", "")) if isinstance(part, dict) else ""
