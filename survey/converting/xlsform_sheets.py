"""The sheets of an XLSForm workbook as rows with tidy columns, read by pyxform."""

from __future__ import annotations

import copy
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

from babel import Locale
from pyxform import aliases
from pyxform.errors import PyXFormError
from pyxform.parsing.sheet_headers import dealias_and_group_headers
from pyxform.question import MultipleChoiceQuestion, Option
from pyxform.survey import Survey
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import DefinitionData, xlsx_to_dict

from survey.converting.guarding import RefusedError, check_workbook
from survey.converting.source_model import note
from survey.languages import is_language

Row = Mapping[str, Any]

UNNAMED = "default"
"""How texts without a language are filed."""

_TRANSLATED = ("label", "hint", "guidance_hint")


@dataclass(frozen=True)
class Sheets:
    """The three sheets of a form; ``complaint`` is what pyxform says of the form as a whole."""

    survey: tuple[Row, ...]
    choices: Mapping[str, tuple[Row, ...]]
    settings: Row
    complaint: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The names of the languages as the columns write them, in their order."""
        found: dict[str, None] = {}
        rows = [*self.survey, *(row for rows in self.choices.values() for row in rows)]
        for row in rows:
            for column in _TRANSLATED:
                value = row.get(column)
                if isinstance(value, Mapping):
                    found |= dict.fromkeys(value)
                elif value:
                    found[UNNAMED] = None
        return tuple(found)


def read_sheets(content: bytes) -> Sheets:
    """The sheets of a workbook; raises ``RefusedError`` if it is none or no form."""
    check_workbook(content)
    try:
        with warnings.catch_warnings():
            # Parts of a workbook that only Excel draws do not concern us.
            warnings.simplefilter("ignore")
            book = xlsx_to_dict(BytesIO(content))
        survey = _rows(book, "survey", aliases.survey_header, MultipleChoiceQuestion, {"type"})
        choices = _rows(book, "choices", aliases.list_header, Option, set())
        settings = _rows(book, "settings", aliases.settings_header, Survey, set())
    except PyXFormError as error:
        raise RefusedError(note("broken_form", reason=str(error)[:200])) from None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        raise RefusedError(note("strange_cells")) from None
    lists: dict[str, list[Row]] = {}
    for row in choices:
        lists.setdefault(str(row.get("list name", "")).strip(), []).append(row)
    return Sheets(
        tuple(survey),
        {name: tuple(rows) for name, rows in lists.items()},
        settings[0] if settings else {},
        _complaint(book),
    )


def _rows(
    book: Mapping[str, Any], sheet: str, names: Mapping[str, Any], kind: Any, required: set[str]
) -> Sequence[Row]:
    if not book.get(sheet):
        if sheet == "survey":
            raise RefusedError(note("no_xlsform"))
        return ()
    columns = {str(name).strip().lower() for row in book[f"{sheet}_header"] for name in row}
    if required and not columns & {"type", "command"}:
        raise RefusedError(note("no_xlsform"))
    grouped = dealias_and_group_headers(
        sheet_name=sheet,
        sheet_data=copy.deepcopy(book[sheet]),
        sheet_header=copy.deepcopy(book[f"{sheet}_header"]),
        header_aliases=names,
        header_columns=set(kind.get_slot_names()),
        headers_required=required,
        default_language=UNNAMED,
    )
    return [row for row in grouped.data if row]


def _complaint(book: Mapping[str, Any]) -> str:
    """What pyxform objects to; we read such a form all the same, question by question."""
    try:
        workbook_to_json(DefinitionData(**copy.deepcopy(dict(book))))
    except PyXFormError as error:
        return " ".join(str(error).split())[:300]
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError):
        return ""
    return ""


def language_tag(name: str) -> str:
    """The tag of a language that a column names; the name itself if it is unknown.

    >>> [language_tag(name) for name in ("German (de)", "english", "Français", "fr", "Quenya!")]
    ['de', 'en', 'fr', 'fr', 'Quenya!']
    """
    match = re.search(r"\(\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\s*\)\s*$", name)
    said = str(match[1]) if match else name
    plain = said.strip().lower().replace("_", "-")
    if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}", plain) and is_language(plain):
        return plain
    return _names().get(plain, said)


@cache
def _names() -> Mapping[str, str]:
    """Tags by the names of languages in English, in German and in themselves."""
    found: dict[str, str] = {}
    for tag in ("fr", "es", "it", "tr", "pl", "ru", "ar", "uk", "nl", "pt", "de", "en"):
        found[(Locale(tag).get_language_name(tag) or tag).lower()] = tag
    for named in ("de", "en"):
        for tag, name in Locale(named).languages.items():
            if "_" not in tag and len(tag) <= 3:
                found.setdefault(name.lower(), tag)
    return found
