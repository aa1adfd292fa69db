"""The labels under which a page may speak of an item, an answer or a group of the long table."""

from __future__ import annotations

from collections import defaultdict

from reports.class_words import class_words
from reports.estimates import Results
from reports.judgements import is_best_worst, is_pairwise
from reports.letter_words import LETTERS
from reports.summaries import IMPORTANCE, REASONS, TODAY, row_name, short
from reports.unit_rates import members
from survey.codebook import Codebook, Question, Role, Scale, Variable

FACETS = {IMPORTANCE: ("wichtig", "Wichtigkeit"), TODAY: ("heute", "heutiger Stand", "gelingt")}
"""Words for the two facets of one item."""

STEPS = ("niedrigste", "höchste", "Mitte", "Stufe")
"""How a step of a scale may be called where several scales share one picture."""

CHOSEN = ("gewählt", "Mehrfachauswahl")
"""Words for an option of a multiple choice that was chosen."""

PROPOSALS = "Vorschläge"
"""What a page calls a choice among proposals that has no title."""

Book = dict[tuple[str, str, str], tuple[str, ...]]


def label_book(results: Results) -> Book:
    """Labels by (part, of what, name), as :class:`reports.addresses.AddressBook` reads them."""
    release, found = results.release, defaultdict[tuple[str, str, str], list[str]](list)
    for codebook in (release.codebook, *release.codebook.tracks):
        for question in codebook:
            titles = _titles(question)
            for name, labels in _items(question):
                found["item", "", name] += labels
                found["question", "", name] += titles
            for key, labels in _categories(question):
                found["category", key[0], key[1]] += labels
            if question.scale is Scale.RANK:
                # Whatever it is called: an entry says that its elements speak for it.
                found["ranking", "", question.id].append(question.title or question.text)
    for units in (release.ballots, release.withheld):
        for variable, groups in units.items():
            for domain, _ in groups:
                own = (
                    members(results, domain)
                    if domain.members and "*" not in domain.variable
                    else ()
                )
                found["domain", variable, domain.code] += [domain.label, *own]
    for name, heading in headings(release.codebook).items():
        found["item", "", name].append(heading)
    for one in release.texts.values():
        for theme in one.themes:
            found["category", one.question.id, theme.code].append(theme.label)
    for row in results.select(statistic="class_share"):
        found["category", row.item, row.category].append(class_words(row.category))
    _codes_of_attributes(release.codebook, found)
    return {key: tuple(dict.fromkeys(filter(None, labels))) for key, labels in found.items()}


def _titles(question: Question) -> list[str]:
    """A question without a title is called by its text, cut like a title."""
    return [question.title, short(question.title), question.text, short(question.text)]


def headings(codebook: Codebook) -> dict[str, str]:
    """What each question of free text is about, by its id: its passage, or its own title."""
    passages = {question.base: question.title for question in codebook if question.passage}
    return {
        question.id: passages.get(question.base) or question.title or question.text
        for question in codebook
        if question.scale is Scale.TEXT
    }


def _items(question: Question) -> list[tuple[str, list[str]]]:
    whole = [*_titles(question), question.id, question.part]
    facets = [w for end, words in FACETS.items() if question.id.endswith(end) for w in words]
    whole += [PROPOSALS] if not question.title and question.role is Role.PREFERENCE else []
    found = [(question.id, whole + facets)]
    for variable in question.variables:
        if variable.name == question.id:
            continue
        found.append((variable.name, [variable.label, row_name(question, variable)]))
    return found


def _categories(question: Question) -> list[tuple[tuple[str, str], list[str]]]:
    found = [
        ((question.id, variable.element), [variable.label, short(variable.label)])
        for variable in question.variables
        if variable.element
    ]
    for variable in question.variables:
        for place, code in enumerate(variable.answers):
            found.append(((variable.name, code.name), _answer(variable, place, code.label)))
            if is_best_worst(question) or is_pairwise(question):
                found.append(((question.id, code.name), [code.label, short(code.label)]))
        for name, text in REASONS.items():
            found.append(((variable.name, name), [text, *_silent(variable, name)]))
            found.append(((question.id, name), [text, *_silent(variable, name)]))
    return found


def _answer(variable: Variable, place: int, label: str) -> list[str]:
    if variable.scale is Scale.CHECK and not place:
        return [label, *CHOSEN]
    steps = [f"Stufe {place + 1}", *STEPS] if variable.scale is Scale.ORDINAL else []
    return [label, short(label), *steps]


def _silent(variable: Variable, name: str) -> list[str]:
    words = [dict(words.reasons)[REASONS[name]] for words in LETTERS.values()]
    return [
        "fehlend",
        *words,
        *(code.label for code in variable.missing_codes if code.name == name),
    ]


def _codes_of_attributes(
    codebook: Codebook, found: defaultdict[tuple[str, str, str], list[str]]
) -> None:
    for question in codebook:
        for variable in question.variables:
            for code in variable.answers:
                found["domain", question.id, code.name].append(code.label)
