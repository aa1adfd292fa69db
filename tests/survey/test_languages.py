"""Translations: the same questions in other words, complete or refused at their place."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import survey
from survey.codebook import Codebook
from survey.errors import Problem, QuestionnaireError
from survey.instrument import Instrument, Questionnaire
from survey.language_files import is_translation
from survey.questionnaire import Bundle, check_bundle, completeness, load_bundle, read_bundle
from survey.yaml_source import Path as Steps
from survey.yaml_source import Source, read_source

VISION = Path(__file__).parents[2] / "questionnaires" / "vision"
STUDIES = ("staff", "public", "reading")
COMPLETE = tuple(
    (study, f"{study}.{tag}.yaml")
    for study, tags in {
        "staff": ("en", "de-leicht"),
        "public": ("en", "de-leicht"),
        "reading": ("en",),
    }.items()
    for tag in tags
)

MAIN = """\
schema: 1
study:
  id: small
  title: Kleine Umfrage
  regime: open_participation
  access: open
  population: Alle
  closes: 2027-05-21T18:00:00+02:00
  welcome:
    voluntary: Freiwillig.
  phases:
    - {title: Workshops, start: 2026-04-20, end: 2026-09-18, state: fertig}
    - {title: Umfrage, start: 2026-10-19, end: 2027-05-21}
  translations:
    en: main.en.yaml
scales:
  success:
    steps:
      - {code: 1, label: schlecht}
      - {code: 2, label: gut}
      - {code: dont_know, label: weiß nicht, missing: dont_know}
lists:
  places:
    - {code: park, label: Park, help: im Grünen}
    - {code: pool, label: Bad}
pages:
  - id: one
    title: Orte
    intro: Es geht um Orte.
    items:
      - id: place
        type: single
        text: Welcher Ort?
        list: places
        more: [{code: none, label: keiner}]
  - id: two
    title: Urteil
    items:
      - id: rate
        type: grid
        title: Urteile
        text: Wie gefällt {{place}}?
        rows: [{code: now, label: heute}, {code: soon, label: bald}]
        facets:
          - {id: look, text: Aussehen?, scale: success}
          - {id: use, text: Nutzen?, scale: success}
"""
ENGLISH = """\
language: en
study:
  title: Small survey
  population: Everyone
  welcome:
    voluntary: Voluntary.
  phases:
    - {title: Workshops, state: done}
    - Survey
scales:
  success:
    1: bad
    2: good
    dont_know: don't know
lists:
  places:
    park:
      label: Park
      help: in the green
    pool: Pool
pages:
  one:
    title: Places
    intro: This is about places.
  two:
    title: Judgement
items:
  place:
    text: Which place?
    options:
      none: none of them
  rate:
    title: Judgements
    text: How do you like {{place}}?
    rows:
      now: today
      soon: soon
    facets:
      look:
        text: Looks?
      use:
        text: Use?
"""


def small(english: str = ENGLISH, main: str = MAIN) -> Bundle:
    return Bundle(main, {"main.en.yaml": english}, "main.yaml")


def problems(english: str = ENGLISH, main: str = MAIN) -> list[Problem]:
    return [p for p in check_bundle(small(english, main)) if p.code != "no_dont_know"]


def changed(old: str, new: str) -> str:
    assert ENGLISH.count(old) == 1
    return ENGLISH.replace(old, new)


@cache
def shipped(study: str) -> tuple[Bundle, Questionnaire]:
    bundle = load_bundle(VISION / f"{study}.yaml")
    return bundle, read_bundle(bundle)


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(survey, ["check", *map(str, arguments)], standalone_mode=False)


# -- the same questions -------------------------------------------------------------------


def without_words(codebook: Codebook) -> object:
    """The codebook without everything that a translation may change."""
    raw = json.loads(codebook.to_json())
    for name in ("language", "words", "tracks"):
        del raw[name]
    for question in raw["questions"]:
        # The base of a passage is the hash of its words, its part the title of its text.
        for name in ("text", "title", "page", "base", "passage", "part"):
            del question[name]
        for variable in question["variables"]:
            del variable["label"]
            for code in variable["codes"]:
                del code["label"]
    return raw


def skeleton(instrument: Instrument) -> list[object]:
    return [
        [page.id, page.text, page.when, [(i.id, i.type, i.when, i.shuffle) for i in page.items]]
        for page in instrument.pages
    ]


@pytest.mark.parametrize("study", STUDIES)
def test_all_languages_have_the_same_ids_codes_values_orders_and_hash(study: str) -> None:
    _, questionnaire = shipped(study)
    source = questionnaire.instrument
    assert len(questionnaire.languages) >= 2
    assert questionnaire.languages[0] == "de"
    for tag in questionnaire.languages:
        own_study, instrument = questionnaire.in_language(tag)
        assert own_study.language == instrument.language == tag
        assert instrument.hash == source.hash
        assert without_words(instrument.codebook("x")) == without_words(source.codebook("x"))
        assert skeleton(instrument) == skeleton(source)
        texts = ("title", "population", "commissioner", "contact", "purpose", "welcome")
        rest = ("retention", "next_steps", "phases", "language")
        again = {name: getattr(questionnaire.study, name) for name in (*texts, *rest)}
        assert replace(own_study, **again) == questionnaire.study
        assert [(p.start, p.end) for p in own_study.phases] == [
            (p.start, p.end) for p in questionnaire.study.phases
        ]


@pytest.mark.parametrize("study", STUDIES)
def test_no_word_of_the_source_is_left_in_a_complete_english_translation(study: str) -> None:
    _, questionnaire = shipped(study)
    english = questionnaire.in_language("en")
    told = json.loads(english[0].to_json())
    kept = [told[name] for name in ("title", "population", "purpose", "welcome", "retention")]
    pages = [[p.title, p.intro, [i.text + i.help for i in p.items]] for p in english[1].pages]
    text = json.dumps([kept, pages], ensure_ascii=False)
    assert not re.findall(r"\b(und|der|die|das|nicht|wie|ist|Sie|wir)\b", text)


def test_a_language_that_the_questionnaire_does_not_have_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        shipped("staff")[1].in_language("fr")


def test_the_study_of_a_translation_keeps_what_happened_to_the_study() -> None:
    questionnaire = read_bundle(small(), study_id="other")
    demo = replace(questionnaire, study=replace(questionnaire.study, demo=True))
    study, _ = demo.in_language("en")
    assert (study.id, study.demo, study.title) == ("other", True, "Small survey")
    assert [phase.title for phase in study.phases] == ["Workshops", "Survey"]


def test_every_text_of_the_small_study_appears_in_english() -> None:
    _, instrument = read_bundle(small()).in_language("en")
    place, rate = instrument.item("place"), instrument.item("rate")
    assert [code.label for code in place.questions()[0].variables[0].codes] == [
        "Park",
        "Pool",
        "none of them",
    ]
    assert place.options[0].help == "in the green"  # type: ignore[attr-defined]
    look, use = rate.questions()
    assert (look.text, use.text) == ("Looks?", "Use?")
    assert [variable.label for variable in look.variables] == ["today", "soon"]
    assert rate.text == "How do you like {{place}}?"
    assert instrument.pages[0].intro == "This is about places."


def test_plain_german_is_german_for_a_browser_and_named_after_its_review() -> None:
    plain = shipped("staff")[1].language("de-leicht")
    assert (plain.html, plain.name, plain.direction) == ("de", "Einfache Sprache", "ltr")
    main = MAIN.replace("  translations:\n", "  review_group: Prüfgruppe Süd\n  translations:\n")
    english = ENGLISH.replace("language: en", "language: de-leicht")
    reviewed = read_bundle(small(english, main.replace("    en: main", "    de-leicht: main")))
    assert reviewed.language("de-leicht").name == "Leichte Sprache"


def test_the_turkish_sample_is_marked_and_falls_back_to_the_source() -> None:
    _, questionnaire = shipped("public")
    assert questionnaire.language("tr").sample
    assert not questionnaire.language("en").sample
    _, turkish = questionnaire.in_language("tr")
    assert turkish.item("topics").text == "Belediye idaresi önce hangi üç konuyu iyileştirmeli?"
    assert turkish.item("age").text == "Wie alt sind Sie?"


# -- the hash -----------------------------------------------------------------------------


SOURCE_TEXTS = (
    *("Kleine Umfrage", "Alle", "Freiwillig", "Umfrage,", "fertig", "schlecht", "gut}"),
    *("weiß nicht", "im Grünen", "Bad", "Orte\n", "Es geht um", "Welcher Ort", "keiner"),
    *("Urteil\n", "Urteile", "Wie gefällt", "heute", "bald", "Aussehen", "Nutzen"),
)
ENGLISH_TEXTS = (
    *("Small survey", "Everyone", "Voluntary", "done", "Survey\n", "bad", "good"),
    *("don't know", "in the green", "Pool", "Places\n", "This is about", "Which place"),
    *("none of them", "Judgement\n", "Judgements", "How do you", "today", "soon\n"),
    *("Looks", "Use?"),
)


def test_any_text_of_any_language_changes_the_hash_of_all() -> None:
    hashes = {read_bundle(small()).instrument.hash}
    changes = [(ENGLISH, MAIN.replace(text, f"Neu {text}", 1)) for text in SOURCE_TEXTS]
    changes += [(ENGLISH.replace(text, f"New {text}", 1), MAIN) for text in ENGLISH_TEXTS]
    for english, main in changes:
        read = read_bundle(small(english, main))
        assert read.instrument.hash == read.in_language("en")[1].hash
        hashes.add(read.instrument.hash)
    assert len(hashes) == 1 + len(SOURCE_TEXTS) + len(ENGLISH_TEXTS)


def test_comments_and_the_order_of_keys_do_not_change_the_hash() -> None:
    *head, last = ENGLISH.split("pages:\n")
    pages, items = last.split("items:\n")
    turned = f"# turned round\n{''.join(head)}items:\n{items}pages:\n{pages}"
    assert read_bundle(small(turned)).instrument.hash == read_bundle(small()).instrument.hash


def test_a_bundle_carries_its_translations(tmp_path: Path) -> None:
    bundle, questionnaire = shipped("public")
    assert set(bundle.files) == {
        "public-districts.csv",
        "public.de-leicht.yaml",
        "public.en.yaml",
        "public.tr.yaml",
    }
    assert read_bundle(Bundle.from_json(bundle.to_json())) == questionnaire


# -- mistakes -----------------------------------------------------------------------------


def test_a_complete_translation_has_no_problems() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("english", "place", "parts"),
    [
        (changed("    text: Which place?\n", ""), (28, 3), ("items.place.text", "Welcher Ort?")),
        (changed("      now: today\n", ""), (35, 5), ("items.rate.rows.now",)),
        (changed("    2: good\n", ""), (11, 3), ("scales.success.2",)),
        (changed("      help: in the green\n", ""), (17, 5), ("lists.places.park.help",)),
        (changed("    - Survey\n", ""), (7, 3), ("study.phases.1.title",)),
        (changed("    pool: Pool", "    pol: Pool"), (20, 5), ("„pol“", "Meinten Sie „pool“?")),
        (changed("  rate:\n", "  rat:\n"), (32, 3), ("Meinten Sie „rate“?",)),
        (changed("pages:\n", "page:\n"), (21, 1), ("Meinten Sie „pages“?",)),
        (changed("    2: good", "    2: ''"), (13, 8), ("darf nicht leer sein",)),
        (changed("    2: good", "    2: bad"), (13, 8), ("„bad“ steht zweimal", "Zeile 12")),
        (changed("    2: good", "    2:"), (13, 5), ("Nach „2“ fehlt der Inhalt",)),
        (changed("    2: good", "    2: [good]"), (13, 8), ("wird ein Text erwartet",)),
        (changed("    2: good", "    2: {label: good, score: 2}"), (13, 22), ("„score“",)),
        (changed("language: en", "language: fr"), (1, 11), ("„fr“", "„en“", "Zeile 15")),
        (changed("language: en\n", ""), (1, 1), ("fehlt die Angabe „language“",)),
        (changed("language: en", "language: en\nsample: maybe"), (2, 9), ("true (ja)",)),
        (changed("like {{place}}", "like it"), (34, 11), ("{{place}}",)),
        (changed("    - Survey\n", "    - Survey\n    - More\n"), (10, 7), ("nur 2 Einträge",)),
        (changed("  phases:\n", "  phase:\n"), (7, 3), ("Meinten Sie „phases“?",)),
    ],
)
def test_a_mistake_in_a_translation_is_found_at_its_place(
    english: str, place: tuple[int, int], parts: tuple[str, ...]
) -> None:
    (problem,) = problems(english)
    assert problem.file == "main.en.yaml"
    assert problem.severity == "error"
    assert (problem.line, problem.column) == place
    for part in parts:
        assert part in problem.message


def test_a_part_without_any_text_is_one_problem() -> None:
    english = ENGLISH[: ENGLISH.index("  rate:\n")]
    (problem,) = problems(english)
    assert "items.rate" in problem.message
    assert "(6 Texte)" in problem.message


def test_a_sample_may_be_incomplete_and_says_so_in_one_note() -> None:
    sample = "language: en\nsample: true\n" + "items:\n  place:\n    text: Which place?\n"
    (problem,) = problems(sample)
    assert (problem.severity, problem.line) == ("warning", 2)
    assert "fehlen 22 von 23 Texten" in problem.message
    (translation,) = completeness(small(sample))
    assert (translation.done, translation.total) == (1, 23)


def test_a_translation_may_explain_more_than_its_source() -> None:
    more = changed("    text: Which place?\n", "    text: Which place?\n    help: One is enough.\n")
    assert problems(more) == []
    assert read_bundle(small(more)).in_language("en")[1].item("place").help == "One is enough."


def test_what_cannot_be_read_in_the_questionnaire_is_not_missed_in_its_translation() -> None:
    broken = MAIN.replace("type: single", "type: singel")
    assert {problem.file for problem in problems(main=broken)} == {"main.yaml"}


@pytest.mark.parametrize(
    ("tag", "part"),
    [
        ("deleicht", "ist keine Sprache"),
        ("de", "ist der Fragebogen selbst geschrieben"),
        ("xx", "ist keine Sprache"),
    ],
)
def test_a_tag_must_be_another_language(tag: str, part: str) -> None:
    main = MAIN.replace("    en: main.en.yaml", f"    {tag}: main.en.yaml")
    found = problems(ENGLISH.replace("language: en", f"language: {tag}"), main)
    assert [(p.file, p.line, p.column) for p in found] == [("main.yaml", 15, 5)]
    assert part in found[0].message


def test_a_long_sentence_in_plain_language_gets_a_note() -> None:
    main = MAIN.replace("    en: main.en.yaml", "    de-leicht: main.en.yaml")
    words = " ".join(["Wort"] * 16)
    plain = changed("Which place?", words).replace("language: en", "language: de-leicht")
    (problem,) = problems(plain, main)
    assert (problem.severity, problem.code) == ("warning", "long_plain_sentence")


def test_a_translation_that_nobody_names_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lost.en.yaml").write_text(ENGLISH, "utf-8")
    result = check(tmp_path)
    assert result.return_value == 1
    assert "wird von keinem Fragebogen daneben genannt" in result.output


def test_checking_a_translation_checks_the_questionnaire_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_text(MAIN, "utf-8")
    (tmp_path / "main.en.yaml").write_text(changed("    2: good\n", ""), "utf-8")
    for paths in ([tmp_path], [tmp_path / "main.en.yaml"], [tmp_path / "main.yaml"]):
        result = check(*paths)
        assert "1 Datei geprüft: 1 Fehler" in result.output
        assert f"{tmp_path / 'main.en.yaml'}:11:3: Fehler" in result.output


def test_a_questionnaire_is_no_translation_even_if_it_is_broken() -> None:
    assert is_translation(ENGLISH)
    assert not is_translation(MAIN)
    assert not is_translation("schema: 1\nlanguage: de\npages: []\n")
    assert not is_translation("language: [")


# -- completeness -------------------------------------------------------------------------


def test_the_report_says_how_complete_each_language_is() -> None:
    result = check(VISION, "--languages")
    assert result.return_value == 0
    lines = [line.strip() for line in result.output.splitlines()]
    assert sum(line.endswith("vollständig") for line in lines) == len(COMPLETE)
    (turkish,) = [line for line in lines if line.startswith("tr: ")]
    assert re.fullmatch(r"tr: Türkçe \(Muster\): \d+ von \d+ Texten", turkish)
    assert "fehlt: items.age (8)" in lines


def test_the_report_as_json_names_every_missing_text() -> None:
    raw = json.loads(check(VISION / "public.yaml", "--languages", "--format", "json").output)
    (languages,) = raw["languages"].values()
    by_tag = {entry["language"]: entry for entry in languages}
    assert by_tag["en"]["missing"] == []
    turkish = by_tag["tr"]
    assert turkish["total"] - turkish["done"] == len(turkish["missing"])
    assert "items.age.text" in turkish["missing"]


# -- what is removed from the shipped studies is missed ------------------------------------


def block_entries(source: Source, text: str) -> list[Steps]:
    """Paths of all entries that stand on lines of their own and hold a text."""
    lines = text.splitlines()
    found = []
    for path, place in source.keys.items():
        part = source.data
        for step in path:
            part = part[step]
        own_line = not lines[place.line - 1][: place.column - 1].strip(" ")
        if isinstance(part, str) and own_line:
            found.append(path)
    return found


def without(source: Source, text: str, path: Steps) -> str:
    """The text without the lines of an entry."""
    first = source.keys[path].line
    later = [p.line for p in (*source.keys.values(), *source.values.values()) if p.line > first]
    own = source.values[path].line
    after = min((line for line in later if line > own), default=len(text.splitlines()) + 1)
    lines = text.splitlines(keepends=True)
    return "".join(lines[: first - 1] + lines[after - 1 :])


def sampled(name: str, every: int) -> list[Steps]:
    text = (VISION / name).read_text("utf-8")
    paths = [path for path in block_entries(read_source(text), text) if path != ("language",)]
    return paths[::every]


def errors(bundle: Bundle) -> list[Problem]:
    return [problem for problem in check_bundle(bundle) if problem.severity == "error"]


@pytest.mark.parametrize(
    ("study", "name", "path"),
    [
        pytest.param(study, name, path, id=f"{name}-{'.'.join(map(str, path))}")
        for study, name in COMPLETE
        for path in sampled(name, 17)
    ],
)
def test_a_removed_translation_is_missed_at_its_place(study: str, name: str, path: Steps) -> None:
    bundle, _ = shipped(study)
    text = bundle.files[name]
    source = read_source(text)
    cut = without(source, text, path)
    (problem,) = errors(replace(bundle, files={**bundle.files, name: cut}))
    assert Path(problem.file).name == name
    assert problem.code in ("untranslated", "untranslated_part", "no_value")
    around = source.keys.get(path[:-1])
    assert problem.line == (around.line if around else 1)
    assert str(path[-1]) in problem.message or str(path[-2]) in problem.message


ROLES = [
    pytest.param(study, match.start(), id=f"{study}-{match[1]}-{match.start()}")
    for study in STUDIES
    for match in re.finditer(r"(?m)^ +role: (\w+)\n", (VISION / f"{study}.yaml").read_text("utf-8"))
]


@pytest.mark.parametrize(("study", "start"), ROLES)
def test_a_removed_role_is_missed_at_its_question(study: str, start: int) -> None:
    bundle, _ = shipped(study)
    before, after = bundle.main[:start], bundle.main[start:]
    id = re.findall(r"- id: (\w+)", before)[-1]
    found = errors(replace(bundle, main=before + after.split("\n", 1)[1]))
    assert found
    assert all(Path(problem.file).name == f"{study}.yaml" for problem in found)
    assert any(re.search(rf"\b{id}\b", problem.source) for problem in found)


def options(study: str) -> list[tuple[str, str]]:
    """The lines of all options with their codes: those in braces, those of several lines."""
    text = (VISION / f"{study}.yaml").read_text("utf-8")
    braces = [(m[0], m[1]) for m in re.finditer(r"(?m)^ +- \{code: (\w+),.*\n", text)]
    block = r"(?m)^( +)- code: (\w+)\n(?:\1  .*\n)+"
    return braces + [(m[0], m[2]) for m in re.finditer(block, text)]


@pytest.mark.parametrize(
    ("study", "lines", "code"),
    [
        pytest.param(study, lines, code, id=f"{study}-{code}-{i}")
        for study in STUDIES
        for i, (lines, code) in enumerate(options(study))
        if i % 7 == 0
    ],
)
def test_a_removed_code_is_found_in_every_complete_translation(
    study: str, lines: str, code: str
) -> None:
    bundle, _ = shipped(study)
    found = errors(replace(bundle, main=bundle.main.replace(lines, "", 1)))
    start = bundle.main[: bundle.main.index(lines)].count("\n") + 1
    here = [p for p in found if Path(p.file).name == f"{study}.yaml" and p.line <= start]
    for name in (name for of, name in COMPLETE if of == study):
        beside = [p for p in found if Path(p.file).name == name]
        # What leaves the questionnaire unreadable is said there alone.
        assert here or any(re.search(rf"\b{code}\b", problem.source) for problem in beside), name


@pytest.mark.parametrize("study", STUDIES)
def test_a_code_renamed_in_the_source_only_is_found_with_the_right_name(study: str) -> None:
    bundle, _ = shipped(study)
    main = re.sub(r"code: desk\b|code: service\b", "code: servicex", bundle.main, count=1)
    with pytest.raises(QuestionnaireError, match=r"servicex|Meinten Sie"):
        read_bundle(replace(bundle, main=main))
