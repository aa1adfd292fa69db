"""How other tools head the column of an answer.

LimeSurvey writes one of four headings: the code (``Q1[SQ2]``, in a second spelling
``Q1_SQ2``), the whole text (``Wie war es? [Musik]``), both (``Q1[SQ2]. Wie war es? [Musik]``)
or a text that is cut. The columns that it adds itself are headed in the language of whoever
exports.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence

from survey.codebook import Codebook, Question, Variable
from survey.items.base import Item
from survey.items.grid import Grid
from survey.items.open_choice import OpenChoice

_OWN = {
    "id": ("Response ID", "Antwort ID"),
    "submitdate": ("Date submitted", "Datum Abgeschickt"),
    "lastpage": ("Last page", "Letzte Seite"),
    "startlanguage": ("Start language", "Start-Sprache"),
    "seed": ("Zufallsstartwert", "Zufallsgeneratorstartwert"),
    "token": ("Access code", "Zugangscode", "Zugangsschlüssel"),
    "startdate": ("Date started", "Datum gestartet"),
    "datestamp": ("Date last action", "Datum letzte Aktivität"),
    "ipaddr": ("IP address", "IP-Adresse"),
    "refurl": ("Referrer URL", "Weiterleitungs-URL"),
    "firstname": ("First name", "Vorname"),
    "lastname": ("Last name", "Nachname"),
    "email": ("Email address", "E-Mail-Adresse"),
    "interviewtime": ("Total time", "Gesamtzeit"),
}
"""Columns that LimeSurvey adds; some of them point to a person and none is an answer."""

_PARTICIPANT = frozenset(
    ("tid", "participant_id", "emailstatus", "sent", "remindersent", "remindercount")
) | {"completed", "usesleft", "validfrom", "validuntil", "mpid", "blacklisted"}

_TIMES = re.compile(r"grouptime\d*|attribute\d+|(group|question)time.*|(gruppen|fragen)zeit.*")

_WITH_TEXT = re.compile(r"([^\W\d]\w*(?:\[[^\[\]]*\])*)\s*[.:;,|–-]\s*(\S.*)", re.DOTALL)
"""A code with its text behind it, as in ``Q1[SQ2]. Wie war es? [Musik]``."""

_CUT = re.compile(r"\.\. *(\[|$)")

OTHER = ("other", "_Cother")
COMMENT = ("comment", "_Ccomment")
_OTHER_WORDS = ("Other", "Sonstiges")
_COMMENT_WORDS = ("Comment", "Kommentar")
_RANK_WORDS = ("Rank", "Ranking", "Rang", "Rangfolge", "Platz")
_SCALE_WORDS = ("Scale", "Skala")


def key(text: str) -> str:
    """What two spellings of a name or text have in common.

    >>> key("Q1[SQ2]") == key("q1_sq2"), key("Für  alle da.")
    (True, 'füralleda')
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", folded)


def code_of(heading: str) -> str:
    """The code in a heading that holds code and text, otherwise the heading itself.

    >>> code_of("Q1[SQ2]. Wie war es? [Musik]"), code_of("Wie war es? [Musik]")
    ('Q1[SQ2]', 'Wie war es? [Musik]')
    """
    found = _WITH_TEXT.fullmatch(heading)
    return found[1] if found else heading


_SYSTEM = {key(word): name for name, words in _OWN.items() for word in (name, *words)}
_SYSTEM |= {key(name): name for name in _PARTICIPANT}


def is_added(heading: str, codes: Iterable[str] = ()) -> bool:
    """Whether the tool added this column itself; ``codes`` are those of the questions.

    >>> [is_added(h) for h in ("Antwort ID", "submitdate. Date submitted", "groupTime12", "Q1")]
    [True, True, True, False]
    """
    found = {key(heading), key(code_of(heading))}
    timed = {key(f"{code}Time") for code in codes}
    return any(k in _SYSTEM or k in timed or _TIMES.fullmatch(k) for k in found)


def is_submission(heading: str) -> bool:
    """Whether the column says when a person finished."""
    return "submitdate" in (_SYSTEM.get(key(heading)), _SYSTEM.get(key(code_of(heading))))


def is_cut(heading: str) -> bool:
    """Whether the heading looks like a text that was cut, as LimeSurvey does on request.

    >>> [is_cut(h) for h in ("Wie zufrieden s.. ", "Wie zufrieden s..  [Musik]", "Und dann...")]
    [True, True, False]
    """
    return bool(_CUT.search(heading)) and "..." not in heading


class Headings:
    """The headings of a file; each is found by its spelling, or by the code in it."""

    def __init__(self, headings: Sequence[str]) -> None:
        self.order = tuple(name for name in dict.fromkeys(headings) if name)
        self.twice = tuple(name for name in self.order if headings.count(name) > 1)
        once = [name for name in self.order if name not in self.twice]
        self._exact = (_index(once, str.casefold), _index(once, lambda n: code_of(n).casefold()))
        self._loose = (_index(once, key), _index(once, lambda name: key(code_of(name))))

    def find(self, candidates: Iterable[str], used: Collection[str] = ()) -> str | None:
        """The heading that one of the candidates stands for; ambiguous ones are left out."""
        return self._first(self._loose, (key(c) for c in candidates), used)

    def spelled(self, candidates: Iterable[str], used: Collection[str]) -> str | None:
        """The same where brackets and underscores have to be as they are."""
        return self._first(self._exact, (c.casefold() for c in candidates), used)

    @staticmethod
    def _first(
        indexes: Sequence[Mapping[str, Sequence[str]]],
        candidates: Iterable[str],
        used: Collection[str],
    ) -> str | None:
        for candidate in filter(None, candidates):
            for index in indexes:
                found = index.get(candidate, ())
                if len(found) == 1 and found[0] not in used:
                    return found[0]
        return None

    def places(self, question: Question, texts: Sequence[str]) -> list[str]:
        """The columns of a ranking that was stored place by place: ``id[1]``, ``id[2]`` …

        The newest LimeSurvey numbers them by its own answers instead: then their order counts.
        """
        elements = {key(f"{question.id}{element}") for element in question.elements}
        most = range(1, len(question.elements) + 1)
        found = []
        for place in most:
            tried = (
                [f"{question.id}[{place}]"] if key(f"{question.id}{place}") not in elements else []
            )
            tried += [f"{text} [{word} {place}]" for text in texts for word in _RANK_WORDS]
            name = self.find(tried)
            if name:
                found.append(name)
        if found:
            return found
        numbered = re.compile(rf"{re.escape(question.id)}(\[\d+\]|_\d+)", re.IGNORECASE)
        listed = [name for name in self.order if numbered.fullmatch(code_of(name))]
        unlike = [name for name in listed if key(code_of(name)) not in elements]
        return unlike if len(unlike) <= len(question.elements) else []


def _index(names: Sequence[str], of: Callable[[str], str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(of(name), []).append(name)
    return found


def texts_of(codebook: Codebook, id: str) -> list[tuple[str, Mapping[str, str]]]:
    """Wording of a question and labels of its variables by name, in every language."""
    found: list[tuple[str, Mapping[str, str]]] = []
    for book in (codebook, *codebook.tracks):
        for question in book:
            if question.id == id:
                found.append((question.text, {v.name: v.label for v in question.variables}))
    return found


def candidates(
    codebook: Codebook, question: Question, variable: Variable, shared: Container[str] = ()
) -> Iterator[str]:
    """What a column of this variable may be called, the surest first.

    A label alone names a column unless it is one of the ``shared`` labels of several variables.
    """
    yield variable.name
    if variable.element:
        yield f"{question.id}[{variable.element}]"
    single = len(question.variables) == 1
    said = texts_of(codebook, question.id)
    for text, labels in said:
        yield text if single else f"{text} [{labels[variable.name]}]"
        if single:
            yield f"{text} []"
    if key(variable.label) not in shared:
        yield from (labels[variable.name] for _, labels in said)


def spellings(item: Item, question: Question, variable: Variable) -> Iterator[str]:
    """Codes of two scales beside each other: ``Q1[SQ2][1]``, or ``Q1_SQ2_0``."""
    if isinstance(item, Grid) and item.facets:
        place = [f"{item.id}_{facet.id}" for facet in item.facets].index(question.id)
        yield f"{item.id}[{variable.element}][{place + 1}]"
        yield f"{item.id}_{variable.element}_{place}"
        for word in _SCALE_WORDS:
            yield f"{item.text} [{variable.label}][{word} {place + 1}]"


def words_of_other(item: OpenChoice, texts: Sequence[str]) -> Iterator[str]:
    """What the column with the words of one's own may be called."""
    yield item.other_question
    yield from (f"{item.id}[{end}]" for end in OTHER)
    labels = [*_OTHER_WORDS, *([item.other.label] if item.other else ())]
    yield from (f"{text} [{label}]" for text in texts for label in labels)


def comments(item: Item, texts: Sequence[str]) -> Iterator[str]:
    """What the comment beside a list may be called."""
    yield from (f"{item.id}[{end}]" for end in COMMENT)
    yield from (f"{text} [{word}]" for text in texts for word in _COMMENT_WORDS)


def comments_by_option(
    item: Item, elements: Mapping[str, str], texts: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """The same beside every option: names for one column after the other."""
    for element, label in elements.items():
        said = [f"{text} [{label}][{word}]" for text in texts for word in _COMMENT_WORDS]
        yield (f"{item.id}[{element}comment]", *said)
