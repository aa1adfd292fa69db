"""Who of a population takes part, what is left out, and what is sent.

:func:`draw_sample` works on columns; :func:`plain_answers` turns them into what a browser
would send. Everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey.codebook import Missing, Question, Role, Scale, Variable
from survey.errors import SetupError
from survey.items.base import Answer, Item
from survey.orders import balanced_orders
from survey.population import Floats, Integers, Population, stream
from survey.routed import hidden_items, item_answers

FIRST_GROUP, SECOND_GROUP = 0.34, 0.09
"""Share of the first and of the second workplace group that takes part."""

SKIPPED, DONT_KNOW, REFUSED = 0.02, 0.04, 0.03
"""Shares of respondents who leave an item empty or choose an offered reason."""

UNTOUCHED = 0.05
"""Share of respondents who send a ranking untouched: that is no answer."""

TEXTS = 0.04
"""Share of respondents who write something into an open question."""

COMMENTS = 0.3
"""Share of respondents who write something where a choice leaves room for it."""

SENTENCES = (
    "Kürzere Wege bei Entscheidungen, dann ginge vieles schneller.",
    "Bitte die Formulare so schreiben, dass man sie beim ersten Lesen versteht.",
    "Mehr Zeit für Einarbeitung, damit Wissen nicht verloren geht.",
    "Ein Telefon, das auch besetzt ist. Daran würde ich es merken.",
    "Die Werkzeuge sind alt; neue würden jeden Tag Zeit sparen.",
    "Dienstpläne früher bekannt geben.",
    "Weniger Programme nebeneinander, dafür welche, die zusammenpassen.",
    "Wer etwas vorschlägt, sollte eine Antwort bekommen.",
    "Mir fällt gerade nichts ein, es läuft ganz gut.",
    "Öfter gemeinsam besprechen, was gut war und was nicht.",
    "Die Pausenräume müssten renoviert werden.",
    "Klare Zuständigkeiten, damit niemand im Kreis geschickt wird.",
)


@dataclass(frozen=True)
class Sample:
    """The people who take part, as columns of equal length with reasons for missing answers.

    ``texts`` holds a text or None per person and free-text question, ``orders`` the drawn order
    index per person and shuffled item, ``read`` the text that a person of a reading study read.
    """

    population: Population
    people: Integers
    columns: Mapping[str, Integers]
    texts: Mapping[str, Sequence[str | None]]
    orders: Mapping[str, Integers]
    read: Sequence[str] = ()

    def since(self, start: int) -> Sample:
        """The sample without its first people."""
        return replace(
            self,
            people=self.people[start:],
            columns={name: column[start:] for name, column in self.columns.items()},
            texts={id: texts[start:] for id, texts in self.texts.items()},
            orders={id: orders[start:] for id, orders in self.orders.items()},
            read=self.read[start:],
        )


@dataclass(frozen=True, slots=True)
class Respondent:
    """What one person sends: plain answers, the shown orders, the text of a reading study."""

    answers: dict[str, Answer]
    orders: dict[str, int]
    text: str = ""


def draw_sample(population: Population, n: int, seed: int) -> Sample:
    """``n`` people of the population, with everything they leave out.

    People take part with odds that follow from workplace and department (or district), in random
    order.
    Within a stratum everybody is equally likely, and gaps are independent of the answers, so
    that weighting by the strata estimates the truth without bias.
    """
    if n > population.size:
        raise SetupError(f"only {population.size} people are asked; {n} cannot answer")
    rng = stream(seed, "people")
    keys = np.log(_propensity(population)) + rng.gumbel(size=population.size)
    # In the order of their numbers first: which order a partition has depends on the processor.
    chosen = np.sort(np.argpartition(-keys, n - 1)[:n]) if n else np.arange(0)
    people = rng.permutation(chosen)
    columns = {name: values[people] for name, values in population.values.items()}
    texts: dict[str, list[str | None]] = {}
    orders: dict[str, Integers] = {}
    for item in population.questionnaire.instrument.items:
        rng = stream(seed, "gaps", item.id)
        for question in item.questions():
            _leave_out(question, columns, n, rng)
            if question.scale is Scale.TEXT:
                texts[question.id] = _texts(item, question.id, columns, n, rng)
        if item.shuffle and item.list_length > 1:
            orders[item.id] = rng.integers(len(balanced_orders(item.list_length)), size=n)
    for shuffle in population.questionnaire.instrument.shuffles:
        if shuffle.name not in orders and shuffle.length > 1:
            rng = stream(seed, "orders", shuffle.name)
            orders[shuffle.name] = rng.integers(len(shuffle.orders), size=n)
    read = _read(population, n, seed)
    _hide(population, columns, texts, read, n)
    return Sample(population, people, columns, texts, orders, read)


def _read(population: Population, n: int, seed: int) -> tuple[str, ...]:
    """The text that each person of a reading study has read."""
    texts = [text.id for text in population.questionnaire.instrument.texts]
    drawn = stream(seed, "read").integers(len(texts), size=n) if texts else ()
    return tuple(texts[place] for place in drawn)


def _hide(
    population: Population,
    columns: dict[str, Integers],
    texts: dict[str, list[str | None]],
    read: Sequence[str],
    n: int,
) -> None:
    """Take back every answer to an item that was not shown."""
    instrument = population.questionnaire.instrument
    for id, hidden in hidden_items(instrument, columns, texts, n, read).items():
        item = instrument.item(id)
        for name in item.encode(None):
            columns[name] = np.where(hidden, int(Missing.NOT_SHOWN), columns[name])
        for question in item.text_lengths:
            pairs = zip(texts[question], hidden, strict=True)
            texts[question] = [None if out else text for text, out in pairs]


def respondents(population: Population, n: int, seed: int) -> list[Respondent]:
    """The sample of :func:`draw_sample` as plain answers, one value per person."""
    return list(plain_answers(draw_sample(population, n, seed)))


def _propensity(population: Population) -> Floats:
    """How likely each person is to take part, up to a factor."""
    by_group = FIRST_GROUP + (SECOND_GROUP - FIRST_GROUP) * population.lean
    codebook = population.questionnaire.codebook
    units = codebook.with_role(Role.DEPARTMENT) or codebook.with_role(Role.DISTRICT)
    name = units[0].variables[0].name if units else ""
    unit = population.values.get(name, population.stratum)
    factor = stream(population.seed, "participation").normal(0, 0.12, int(unit.max(initial=0)) + 1)
    return np.asarray(by_group * np.exp(factor[unit]))


def _leave_out(
    question: Question, columns: dict[str, Integers], n: int, rng: np.random.Generator
) -> None:
    """Write reasons over answers: a list of elements as a whole, rows of a grid one by one."""
    variables = [v for v in question.variables if v.scale is not Scale.TEXT]
    for group in [variables] if question.as_whole and variables else [[v] for v in variables]:
        skipped = UNTOUCHED if question.scale is Scale.RANK else SKIPPED
        reason = _reasons(group[0], n, skipped, rng)
        for variable in group:
            column = columns[variable.name]
            columns[variable.name] = np.where(reason < 0, reason, column)


def _reasons(variable: Variable, n: int, skipped: float, rng: np.random.Generator) -> Integers:
    """A reason for missing per person, 0 where there is an answer."""
    offered = {code.value for code in variable.missing_codes}
    rates = [(Missing.SKIPPED, skipped), (Missing.DONT_KNOW, DONT_KNOW), (Missing.REFUSED, REFUSED)]
    chance, reason, reached = rng.random(n), np.zeros(n, dtype=np.int64), 0.0
    for missing, rate in rates:
        if missing is Missing.SKIPPED or missing in offered:
            reason[(chance >= reached) & (chance < reached + rate)] = missing
            reached += rate
    return reason


def _texts(
    item: Item, id: str, columns: Mapping[str, Integers], n: int, rng: np.random.Generator
) -> list[str | None]:
    """Sentences of some people, where their other answers leave room for them."""
    allowed = [sentence for sentence in SENTENCES if len(sentence) <= item.text_lengths[id]]
    names = list(item.encode(None))
    texts: list[str | None] = [None] * n
    if allowed:
        for person in np.flatnonzero(rng.random(n) < (COMMENTS if names else TEXTS)):
            sentence = allowed[rng.integers(len(allowed))]
            row = {name: int(columns[name][person]) for name in names}
            answer = item.decode(row, {id: sentence})
            if answer is not None and item.texts(answer).get(id) == sentence:
                texts[person] = sentence
    return texts


# -- from columns to plain answers --------------------------------------------------------


def plain_answers(sample: Sample) -> Iterator[Respondent]:
    """What each person of the sample sends; encoding it gives the sample's columns again."""
    instrument = sample.population.questionnaire.instrument
    size = len(sample.people)
    answers = {
        item.id: item_answers(item, sample.columns, sample.texts, size) for item in instrument.items
    }
    orders = {id: column.tolist() for id, column in sample.orders.items()}
    for person in range(size):
        given = {id: column[person] for id, column in answers.items()}
        yield Respondent(
            {id: answer for id, answer in given.items() if answer is not None},
            {id: column[person] for id, column in orders.items()},
            sample.read[person] if sample.read else "",
        )
