"""LimeSurvey structure files (.lss): groups, questions and conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from survey.converting.expressions import Condition, NotSimpleError, limesurvey_condition
from survey.converting.limesurvey_tables import Entry, Row, Structure, read_structure, rows_of
from survey.converting.limesurvey_types import DRAFTING, UNSUPPORTED, Material
from survey.converting.plain_text import one_line, plain_text
from survey.converting.source_model import (
    Note,
    SourceForm,
    SourcePage,
    SourceQuestion,
    Texts,
    hole,
    note,
)

_EXPRESSION = re.compile(r"\{(?=[^\s{}])([^{}]*)(?<!\s)\}")
_NAME = re.compile(r"(?:INSERTANS:)?([A-Za-z0-9_]+)(?:\.(?:shown|NAOK|value|code))?")

_SHOWN_ONLY = frozenset(
    {"answer_width", "array_filter_style", "clear_default", "cssclass", "display_columns"}
    | {"display_rows", "display_type", "dropdown_dates", "dropdown_dates_minute_step"}
    | {
        "dropdown_dates_month_style",
        "dropdown_prefix",
        "dropdown_prepostfix",
        "dropdown_separators",
    }
    | {"dropdown_size", "dualscale_headerA", "dualscale_headerB", "em_validation_q_tip"}
    | {"em_validation_sq_tip", "hide_tip", "input_boxes", "input_size", "keep_aspect"}
    | {"label_input_columns", "other_comment_mandatory", "other_numbers_only", "other_position"}
    | {"other_position_code", "page_break", "placeholder", "printable_help", "public_statistics"}
    | {"rank_title", "choice_title", "repeat_headings", "reverse", "samechoiceheight"}
    | {"samelistheight", "save_as_default", "scale_export", "showpopups", "slider_layout"}
    | {"slider_accuracy", "slider_handle", "slider_middlestart", "slider_orientation"}
    | {"slider_reset", "slider_reversed", "slider_separator", "slider_showminmax"}
    | {"slider_custom_handle", "slider_default", "slider_default_set", "statistics_graphtype"}
    | {"statistics_showgraph", "statistics_showmap", "text_input_columns", "text_input_width"}
    | {"use_dropdown", "commented_checkbox", "commented_checkbox_auto", "alphasort"}
    | {"category_separator", "show_comment", "show_title", "show_grand_total", "show_totals"}
    | {"num_value_int_only", "image", "theme_template", "time_limit_action", "nokeyboard"}
    | {"value_range_allows_missing", "assessment_value", "other_replace_text", "hidden"}
    | {"exclude_all_others", "random_order", "answer_order", "max_answers", "max_subquestions"}
    | {"maximum_chars", "prefix", "suffix", "min_num_value_n", "max_num_value_n", "date_min"}
    | {"date_max", "date_format", "numbers_only", "subquestion_order", "slider_min"}
    | {"slider_max", "dropdown_dates_year_max", "dropdown_dates_year_min"}
)
"""Settings that only change the look, and those that the drafting takes care of."""


def read_limesurvey(content: bytes) -> SourceForm:
    """The questionnaire in a structure file; raises ``RefusedError``."""
    return _Reader(read_structure(content)).form()


class _Reader:
    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.names = _names(structure)
        self.with_defaults = {
            row.get("qid", "") for row in rows_of(structure, "defaultvalues") if row.get("qid")
        }
        self.with_conditions = {row.get("qid", "") for row in rows_of(structure, "conditions")}

    def form(self) -> SourceForm:
        """The whole questionnaire."""
        notes: list[Note] = []
        study = _study(self.structure.survey, notes)
        texts = self._study_texts(notes)
        pages = [self._page(group, notes) for group in self.structure.groups]
        known = {group["gid"] for group in self.structure.groups}
        lost = [q for gid, qs in self.structure.questions.items() if gid not in known for q in qs]
        if lost:
            notes.append(note("without_group", count=len(lost)))
            pages.append(SourcePage("rest", {}, {}, tuple(map(self._question, lost))))
        _note_tables(self.structure, notes)
        tags = self.structure.languages
        return SourceForm("LimeSurvey", tags, tuple(pages), study, texts, tuple(notes))

    def _study_texts(self, notes: list[Note]) -> dict[str, Texts]:
        settings = self.structure.settings
        found: dict[str, dict[str, str]] = {"title": {}, "purpose": {}}
        for tag, row in settings.items():
            title = self._said(row.get("surveyls_title", ""), notes)
            about = [row.get("surveyls_description", ""), row.get("surveyls_welcometext", "")]
            purpose = "\n".join(filter(None, (self._said(text, notes) for text in about)))
            found["title"] |= {tag: one_line(title)} if title else {}
            found["purpose"] |= {tag: purpose} if purpose else {}
        for field, code in (
            ("surveyls_endtext", "end_text"),
            ("surveyls_policy_notice", "policy_text"),
            ("surveyls_url", "end_address"),
        ):
            texts = [plain_text(row.get(field, "")).text for row in settings.values()]
            if any(texts):
                notes.append(note(code, text=_short(next(filter(None, texts)))))
        return {name: texts for name, texts in found.items() if texts}

    def _page(self, group: Entry, notes: list[Note]) -> SourcePage:
        questions = self.structure.questions.get(group["gid"], ())
        own: list[Note] = []
        title = self.texts(group.text("group_name"), own)
        intro = self.texts(group.text("description"), own)
        name = _first(title, self.structure.languages) or group["gid"]
        condition, trouble = self._condition(group["grelevance"])
        if trouble:
            own.append(note("page_condition_lost", condition=_short(group["grelevance"], 400)))
        if group["randomization_group"]:
            own.append(note("page_random"))
        if not questions:
            own.append(note("empty_page"))
        notes += [Note(n.code, {**n.values, "page": name}) for n in dict.fromkeys(own)]
        rows = tuple(map(self._question, questions))
        return SourcePage(name, title, intro, rows, condition, group["grelevance"])

    def _condition(self, text: str) -> tuple[Condition | None, bool]:
        """The condition, and whether there is one that is not simple."""
        try:
            return limesurvey_condition(self._plain_names(text)), False
        except NotSimpleError:
            return None, True

    def _plain_names(self, text: str) -> str:
        """A condition with the codes of questions instead of internal numbers."""
        if len(text) > 20_000:
            return text
        pattern = r"\b(?:\d+X\d+X\w+|Q\d+(?:_S\d+)?)\b"
        return re.sub(pattern, lambda m: self.names.get(m[0], m[0]), text)

    def _question(self, question: Entry) -> SourceQuestion:
        notes: list[Note] = []
        text = self.texts(question.text("question"), notes)
        help_text = self.texts(question.text("help"), notes)
        kind, name = question["type"], question["title"] or f"q{question['qid']}"
        said = _first(text, self.structure.languages)
        values = self.structure.attributes.get(question["qid"], {})
        material = Material(
            name,
            text,
            help_text,
            question,
            tuple(self.structure.subquestions.get(question["qid"], ())),
            tuple(self.structure.answers.get(question["qid"], ())),
            values,
            self.structure.languages,
            lambda texts: self.texts(texts, notes),
            notes,
        )
        condition, trouble = self._condition(question["relevance"])
        refusal = self._refusal(kind, material, question["relevance"])
        if refusal:
            return SourceQuestion(name, kind, said, notes=(refusal,))
        drafts = DRAFTING[kind](material)
        if not drafts:
            return SourceQuestion(name, kind, said, notes=(note("no_options"),))
        self._note_settings(question, values, notes)
        if trouble:
            notes.append(note("condition_lost", condition=_short(question["relevance"], 400)))
        unique = tuple(dict.fromkeys(notes))
        return SourceQuestion(name, kind, said, drafts, unique, condition, question["relevance"])

    def _refusal(self, kind: str, material: Material, relevance: str) -> Note | None:
        if kind in UNSUPPORTED:
            return note(UNSUPPORTED[kind])
        if kind not in DRAFTING:
            return note("unknown_kind", kind=kind or "–")
        if material.setting("hidden") == "1":
            return note("hidden")
        return note("never_shown") if relevance.strip() == "0" else None

    def _note_settings(
        self, question: Entry, values: Mapping[str, Mapping[str, str]], notes: list[Note]
    ) -> None:
        if question["mandatory"] in ("Y", "S"):
            notes.append(note("mandatory"))
        if question["qid"] in self.with_defaults:
            notes.append(note("default_lost"))
        if question["preg"]:
            notes.append(note("check_lost", check=_short(question["preg"])))
        if question["relevance"] in ("", "1") and question["qid"] in self.with_conditions:
            notes.append(note("condition_lost", condition="conditions"))
        if any(row.get("script") for row in self._translations(question["qid"])):
            notes.append(note("script_lost"))
        below = self.structure.subquestions.get(question["qid"], ())
        if any(row["relevance"] not in ("", "1") for row in below):
            notes.append(note("row_condition_lost"))
        lost = sorted(name for name in values if self._matters(name, values[name]))
        if lost:
            notes.append(note("setting_lost", names=", ".join(lost)))

    def _translations(self, qid: str) -> list[Row]:
        return [row for row in rows_of(self.structure, "question_l10ns") if row.get("qid") == qid]

    @staticmethod
    def _matters(name: str, values: Mapping[str, str]) -> bool:
        plain = name in _SHOWN_ONLY or name.startswith(("time_limit_", "statistics_"))
        return not plain and any(value not in ("", "0", "N") for value in values.values())

    # -- texts ----------------------------------------------------------------------------

    def texts(self, raw: Mapping[str, str], notes: list[Note]) -> dict[str, str]:
        """Plain texts by language, references to other answers as marks."""
        found = {tag: self._said(text, notes) for tag, text in raw.items()}
        return {tag: text for tag, text in found.items() if text}

    def _said(self, raw: str, notes: list[Note]) -> str:
        plain = plain_text(raw)
        notes += [note(f"lost_{kind}") for kind in sorted(plain.lost)]
        return _EXPRESSION.sub(lambda match: self._hole(match, notes), plain.text)

    def _hole(self, match: re.Match[str], notes: list[Note]) -> str:
        named = _NAME.fullmatch(match[1])
        name = self.names.get(named[1], named[1]) if named else ""
        if name in self.names.values():
            return hole(name)
        notes.append(note("expression_lost", expression=_short(match[0])))
        return hole("")


def _names(structure: Structure) -> dict[str, str]:
    """Codes of questions and of their parts by every name that expressions may use."""
    found: dict[str, str] = {}
    sid = structure.survey.get("sid", "")
    for gid, questions in structure.questions.items():
        for question in questions:
            qid, title = question["qid"], question["title"]
            own = {f"{sid}X{gid}X{qid}": title, f"Q{qid}": title}
            for part in structure.subquestions.get(qid, ()):
                whole = f"{title}_{part['title']}"
                own |= {f"{sid}X{gid}X{qid}{part['title']}": whole, whole: whole}
                own[f"Q{qid}_S{part['qid']}"] = whole
            found = own | found
    titles = {q["title"]: q["title"] for qs in structure.questions.values() for q in qs}
    return found | titles


def _study(survey: Row, notes: list[Note]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": f"limesurvey-{survey.get('sid') or 'import'}"}
    for field, key in (("startdate", "opens"), ("expires", "closes")):
        if survey.get(field):
            found[key] = survey[field]
            notes.append(note("time_zone", name=key))
    email = one_line(plain_text(survey.get("adminemail", "")).text)
    if "@" in email:
        admin = one_line(plain_text(survey.get("admin", "")).text)
        found["contact"] = email if admin in ("", "inherit") else f"{admin}, {email}"
    found["access"] = "codes" if survey.get("usetokens") == "Y" else "open"
    if survey.get("anonymized") == "N":
        notes.append(note("not_anonymous"))
    return found


def _note_tables(structure: Structure, notes: list[Note]) -> None:
    for table, code in (
        ("quota", "quotas"),
        ("assessments", "assessments"),
        ("survey_url_parameters", "url_parameters"),
    ):
        count = sum(1 for _ in rows_of(structure, table))
        if count:
            notes.append(note(code, count=count))
    if any(row.get("surveyls_email_invite") for row in structure.settings.values()):
        notes.append(note("mails"))
    if structure.survey.get("format") in ("A", "S"):
        notes.append(note("format"))


def _first(texts: Texts, languages: Sequence[str]) -> str:
    return one_line(next((texts[tag] for tag in languages if texts.get(tag)), ""))


def _short(text: str, longest: int = 120) -> str:
    text = one_line(text)
    return text if len(text) <= longest else f"{text[:longest]} …"
