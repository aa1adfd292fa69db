"""The description of handed-over rows as DDI-Codebook 2.5, which data archives read.

It holds words about the columns and no number from them: neither frequencies nor extremes, so
that a description can be published where the rows cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from reports.row_formats.columns import Column
from reports.row_formats.table import RowTable
from survey import __version__
from survey.codebook import Question, Scale
from survey.study import Regime, Study

NAMESPACE = "ddi:codebook:2_5"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAMPLING = {
    Regime.CENSUS_ATTEMPT: "Everybody in the population was invited (attempted census).",
    Regime.OPEN_PARTICIPATION: "Open participation: nobody was drawn, no inference is possible.",
    Regime.SELF_SELECTED_READING: "Readers chose themselves and their texts; one row per text.",
    Regime.PROBABILITY_SAMPLE: "Probability sample.",
}
_GROUPS = {Scale.CHECK: "multipleResp", Scale.RANK: "other", Scale.ORDINAL: "grid"}


def as_ddi(table: RowTable, file_name: str) -> bytes:
    """The codebook document of a file with these rows.

    Raises nothing for any text: signs that XML cannot hold are replaced by a blank.
    """
    root = etree.Element("codeBook", nsmap={None: NAMESPACE}, version="2.5")
    root.set(_LANG, table.codebook.language.split("-")[0])
    _put(root, "docDscr/citation/titlStmt/titl", f"Codebook: {table.study.title}")
    _study(root, table)
    _file(root, table, file_name)
    data = _child(root, "dataDscr")
    for question in table.codebook:
        if len(question.variables) > 1:
            _group(data, question)
    for column in table.written:
        _variable(data, column)
    for element in root.iter():
        element.tag = f"{{{NAMESPACE}}}{element.tag}"
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"  # type: ignore[no-any-return]


def _child(
    parent: etree._Element, name: str, text: str = "", /, **attributes: str
) -> etree._Element:
    clean = {key: _NOT_XML.sub(" ", value) for key, value in attributes.items()}
    child = etree.SubElement(parent, name, clean)
    if text:
        child.text = _NOT_XML.sub(" ", text)
    return child


def _put(parent: etree._Element, path: str, text: str, /, **attributes: str) -> None:
    """Add the last element of a path, and those above it that are missing; not for no text."""
    if not text:
        return
    *above, last = path.split("/")
    for name in above:
        found = parent.find(name)
        parent = found if found is not None else _child(parent, name)
    _child(parent, last, text, **attributes)


def _study(root: etree._Element, table: RowTable) -> None:
    study: Study = table.study
    top = _child(root, "stdyDscr")
    _put(top, "citation/titlStmt/titl", study.title)
    _put(top, "citation/titlStmt/IDNo", study.id, agency="study")
    _put(top, "citation/titlStmt/IDNo", table.fingerprint, agency="sha-256 of the data set")
    _put(top, "citation/rspStmt/AuthEnty", study.commissioner)
    _put(top, "citation/prodStmt/producer", study.commissioner)
    _put(top, "citation/prodStmt/software", "Meinungsbild", version=__version__)
    _put(top, "citation/distStmt/contact", study.contact)
    _put(top, "citation/verStmt/version", f"Questionnaire {table.codebook.version}")
    _put(top, "stdyInfo/abstract", study.purpose, contentType="purpose")
    for event, when in (("start", study.opens), ("end", study.closes)):
        if when:
            day = when.date().isoformat()
            _put(top, "stdyInfo/sumDscr/collDate", day, date=day, event=event)
    unit = "Text read by a person" if study.regime is Regime.SELF_SELECTED_READING else "Person"
    _put(top, "stdyInfo/sumDscr/anlyUnit", unit)
    _put(top, "stdyInfo/sumDscr/universe", study.population)
    kind = "Simulated survey data" if study.simulation or study.demo else "Survey data"
    _put(top, "stdyInfo/sumDscr/dataKind", kind)
    _put(top, "method/dataColl/timeMeth", "Cross-section")
    _put(top, "method/dataColl/sampProc", _SAMPLING[study.regime])
    _put(top, "method/dataColl/collMode", "Self-administered questionnaire on web pages or paper")
    personal = "Rows are personal data until counted; free texts are not part of the file."
    _put(top, "dataAccs/useStmt/restrctn", personal)
    _put(top, "dataAccs/useStmt/conditions", study.retention)


def _file(root: etree._Element, table: RowTable, file_name: str) -> None:
    text = _child(_child(root, "fileDscr", ID="rows"), "fileTxt")
    _put(text, "fileName", file_name)
    _put(text, "dimensns/caseQnty", str(table.rows))
    _put(text, "dimensns/varQnty", str(len(table.written)))


def _group(data: etree._Element, question: Question) -> None:
    members = [v for v in question.variables if v.scale is not Scale.TEXT]
    if not members:
        return
    kind = _GROUPS.get(question.scale, "other")
    attributes = {"otherType": "ranking"} if kind == "other" else {}
    group = _child(
        data,
        "varGrp",
        ID=f"G_{question.id}",
        name=question.id,
        type=kind,
        var=" ".join(f"V_{variable.name}" for variable in members),
        **attributes,
    )
    _put(group, "labl", question.title or question.text)
    _put(group, "txt", question.text)


def _variable(data: etree._Element, column: Column) -> None:
    element = _child(
        data,
        "var",
        ID=f"V_{column.name}",
        name=column.name,
        files="rows",
        dcml=str(column.decimals),
        intrvl="contin" if column.kind != "code" else "discrete",
    )
    _put(element, "labl", column.label)
    _put(element, "qstn/qstnLit", column.question.text)
    invalid = _child(element, "invalrng")
    for value in sorted(column.reasons):
        _child(invalid, "item", VALUE=str(value))
    _put(element, "universe", column.question.base)
    for value, label, gone in _categories(column):
        entry = _child(element, "catgry", **({"missing": "Y"} if gone else {}))
        _put(entry, "catValu", str(value))
        _put(entry, "labl", label)
    if column.variable.unit:
        _put(element, "concept", column.variable.unit, vocab="unit")
    day = {"category": "date"} if column.kind == "day" else {}
    _child(element, "varFormat", type="numeric", schema="ISO", **day)


def _categories(column: Column) -> Iterator[tuple[int, str, bool]]:
    for value, label in column.labels.items():
        yield value, label, False
    for value, label in column.reasons.items():
        yield value, label, True
