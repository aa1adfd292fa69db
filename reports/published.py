"""The files that stand beside every PDF: the released table, its codebook, the constants.

From them and the PDF alone anybody can look up every number, without this installation:
``STUDY-DATA-tabelle.csv`` is the long table, ``…-codebuch.csv`` says what each of its columns
and names means, ``…-konstanten.csv`` lists the numbers that are no results, with a reason.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from reports.addresses import AddressBook
from reports.constants import REASONS, Constant, constants
from reports.errors import DossierError
from reports.estimates import COLUMNS, Estimate, Results
from reports.estimators import STATISTICS
from reports.fonts import SOURCE_FAMILY
from reports.label_book import label_book
from reports.listed_counts import listed_counts
from reports.long_table import as_csv, from_csv
from reports.row_numbers import RowNumbers, row_numbers
from reports.tables import Status
from reports.tracing import Tracer
from survey.files import write_aside

Labels = tuple[str, ...]

Numbers = Callable[[Sequence[Estimate]], RowNumbers]
"""Says where the numbers of rows stand."""

TABLE, CODEBOOK, CONSTANTS = "tabelle", "codebuch", "konstanten"

LABELS = ("item", "question", "category", "domain", "ranking")
"""Parts of the codebook that hold labels of the study."""

MEANINGS = MappingProxyType(
    {
        "study": "id of the study",
        "item": "variable, or question id for rankings and whole lists; empty: the study",
        "domain_variable": "question whose answers form the group; empty: everybody",
        "domain": "the group, by its code",
        "statistic": "what was computed, see the part “statistic” and docs/METHODS.md",
        "category": "the answer, element or pair of elements; empty: the whole item",
        "value": "unrounded (weighted ones as printed); shares from 0 to 1",
        "se": "standard error of the value",
        "low": "lower limit of the interval; lowest possible place of a rank_set",
        "high": "upper limit of the interval; highest possible place of a rank_set",
        "level": "level of the interval",
        "base_n": "valid answers in the group",
        "base_N": "people asked in the group, empty where unknown",
        "n_eff": "effective number of answers",
        "method": "how the interval was computed, see docs/METHODS.md",
        "status": "whether there is a value, see the part “status”",
        "note": "why there is no value or interval, or what to bear in mind",
        "printed": "the string that a dossier prints",
    }
)
"""What each column of the table means."""

_STATUS = {
    Status.PUBLISHED: "released for the group itself",
    Status.MERGED: "released for a larger group that several small ones were merged into",
    Status.HOMOGENEOUS: "at least nine in ten gave the same answer; only that is said",
    Status.NOT_SHOWN: "not shown, to protect the respondents",
    Status.NOT_ASKED: "not asked in this group",
    Status.NOT_COMPUTABLE: "cannot be computed; the note says why",
}


@dataclass(frozen=True, slots=True)
class Published:
    """What the files beside a PDF hold."""

    rows: tuple[Estimate, ...]
    labels: MappingProxyType[tuple[str, str, str], tuple[str, ...]]
    constants: tuple[Constant, ...]

    def tracer(self) -> Tracer:
        """Finds the address of every number in these files."""
        return Tracer(AddressBook(self.rows, self.labels), self.constants)


def published(results: Results) -> Published:
    """What is written beside every PDF of a study."""
    typeface = Constant("id", SOURCE_FAMILY, "typeface of the document")
    listed = (*constants(results.release), *listed_counts(results), typeface)
    return Published(results.rows, MappingProxyType(label_book(results)), listed)


def joint_tracer(files: Iterable[Published], numbers: Numbers = row_numbers) -> Tracer:
    """Finds the address of every number in the files of one study, or of several together.

    ``numbers`` says where the numbers of all rows stand, or stood when it was asked before.
    """
    rows, listed, labels = list[Estimate](), list[Constant](), dict[tuple[str, str, str], Labels]()
    for one in files:
        rows += one.rows
        listed += one.constants
        for key, found in one.labels.items():
            labels[key] = (*labels.get(key, ()), *found)
    return Tracer(AddressBook(rows, labels, numbers(rows)), tuple(listed))


def file_names(study: str, fingerprint: str) -> dict[str, str]:
    """The names of the three files, by what they hold.

    >>> file_names("s", "1a2b3c4d5e")["tabelle"]
    's-1a2b3c4d-tabelle.csv'
    """
    stem = f"{study}-{fingerprint[:8]}"
    return {part: f"{stem}-{part}.csv" for part in (TABLE, CODEBOOK, CONSTANTS)}


def write_beside(
    folder: Path, results: Results, made: Published | None = None, *, second: bool = False
) -> list[Path]:
    """Write the three files into the folder of the PDFs; the same results give the same bytes.

    The ``second`` study of a comparison leaves constants alone that stand there already: its own
    dossiers may have more of them.
    """
    made = made or published(results)
    release = results.release
    texts = {
        TABLE: as_csv(made.rows),
        CODEBOOK: codebook_csv(results, made),
        CONSTANTS: _csv(
            ("class", "text", "meaning", "reason"),
            ((c.kind, c.text, c.meaning, c.reason) for c in made.constants),
        ),
    }
    paths = []
    for part, name in file_names(release.study.id, release.fingerprint).items():
        paths.append(folder / name)
        if not (second and part == CONSTANTS and paths[-1].exists()):
            write_aside(folder / name, texts[part].encode())
    return paths


def codebook_csv(results: Results, made: Published) -> str:
    """What every column, statistic, status and name of the table means, as CSV."""
    return _csv(("part", "of", "name", "label", "meaning"), _codebook(results, made))


def _codebook(results: Results, made: Published) -> Iterator[tuple[str, ...]]:
    yield from (("column", "", name, "", MEANINGS[name]) for name in COLUMNS)
    yield from (("statistic", "", name, "", text) for name, text in STATISTICS.items())
    yield from (("status", "", name.value, "", text) for name, text in _STATUS.items())
    texts = {q.id: q.text for q in results.release.codebook}
    texts |= {v.name: f"{q.text} – {v.label}" if v.label != q.text else q.text
              for q in results.release.codebook for v in q.variables}  # fmt: skip
    for (part, of, name), labels in made.labels.items():
        meaning = texts.get(name, "") if part == "item" else ""
        yield from ((part, of, name, label, meaning) for label in labels)


def _csv(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return buffer.getvalue()


def read_beside(folder: Path, study: str, fingerprint: str) -> Published:
    """The files beside a PDF; raises ``DossierError`` that names what is missing or broken."""
    paths = {part: folder / name for part, name in file_names(study, fingerprint).items()}
    if missing := [path.name for path in paths.values() if not path.is_file()]:
        raise DossierError(
            f"{folder}: {', '.join(missing)} not found; the table, its codebook and the constants "
            "stand beside the PDF (name another folder with --table)"
        )
    labels: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for entry in _records(paths[CODEBOOK], {"part", "of", "name", "label"}):
        if entry["part"] in LABELS:
            labels[entry["part"], entry["of"], entry["name"]].append(entry["label"])
    listed = []
    for line, entry in enumerate(_records(paths[CONSTANTS], {"class", "text", "meaning"}), 2):
        if entry["class"] not in REASONS:
            known = ", ".join(REASONS)
            raise DossierError(f"{paths[CONSTANTS]}:{line}: class “{entry['class']}”, not {known}")
        listed.append(Constant(entry["class"], entry["text"], entry["meaning"]))
    rows = from_csv(paths[TABLE])
    found = MappingProxyType({key: tuple(texts) for key, texts in labels.items()})
    return Published(rows, found, tuple(listed))


def _records(path: Path, columns: set[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := columns - set(reader.fieldnames or ()):
            raise DossierError(f"{path}: the columns {', '.join(sorted(missing))} are missing")
        return [{name: value or "" for name, value in record.items()} for record in reader]
