"""One drafted item under names and codes of ours, within the limits of our language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from survey.checks import FULL_RANKING
from survey.converting.naming import (
    LONGEST_CODE,
    LONGEST_PART,
    coded,
    explicit_values,
    free_name,
    room,
)
from survey.converting.plan import PlannedHeading, PlannedItem
from survey.converting.rules import Reference
from survey.converting.source_model import Choice, Draft, Note, note
from survey.converting.texts import Speech
from survey.converting.wording import own_words, reason_of, worded_step
from survey.items.number import LARGEST
from survey.routing import FIRST_DAY

ASKED_PLACES = 3
"""Places that a ranking of a long list asks for."""

_SOURCE_OTHER = "-oth-"


@dataclass(frozen=True, slots=True)
class Itemised:
    """An item with the variables it takes, what conditions may call it, and what was lost."""

    item: PlannedItem
    variables: frozenset[str]
    references: Mapping[str, Reference]
    notes: tuple[Note, ...]


def itemise(draft: Draft, speech: Speech, taken: set[str]) -> Itemised:
    """The item for a draft; ``taken`` are the variables that there are already."""
    return _Itemiser(draft, speech, taken).made()


class _Itemiser:
    def __init__(self, draft: Draft, speech: Speech, taken: set[str]) -> None:
        self.draft, self.speech, self.taken = draft, speech, taken
        self.notes: list[Note] = []
        self.type = draft.type
        self.keys = dict(draft.keys)

    def made(self) -> Itemised:
        """The item."""
        draft = self.draft
        options, codes = self._options(draft.options)
        rows, row_codes = self._coded(draft.rows, LONGEST_PART)
        headings = tuple(self._heading(draft, place) for place in range(len(draft.headings)))
        self._limits(len(self._answers(options)))
        id = self._id(options, rows, [heading.id for heading in headings])
        text = self.speech.text(draft.text, draft.name)
        item = PlannedItem(
            id,
            self.type,
            text,
            self.speech.text(draft.help),
            options,
            rows,
            headings,
            self.keys,
            list_name=draft.list_name,
        )
        references = self._references(item, codes, row_codes)
        variables = frozenset(name.casefold() for name in _variables(item))
        return Itemised(item, variables, references, tuple(self.notes))

    def _heading(self, draft: Draft, place: int) -> PlannedHeading:
        heading = draft.headings[place]
        options, _ = self._options(heading.options)
        return PlannedHeading(heading.code, self.speech.label(heading.text, heading.code), options)

    # -- options --------------------------------------------------------------------------

    def _options(self, choices: Sequence[Choice]) -> tuple[tuple[Choice, ...], dict[str, str]]:
        longest = LONGEST_PART if self.type in ("multiple", "ranking") else LONGEST_CODE
        options, codes = self._coded(choices, longest)
        options = self._with_reasons(options)
        if self.type in ("rating", "grid"):
            options = self._worded(options)
        if self.type in ("single", "multiple", "ranking") and len(self._answers(options)) == 1:
            options = self._two_choices(options)
        for option in options:
            if option.other:
                codes.setdefault(_SOURCE_OTHER, option.code)
        return options, codes

    def _coded(
        self, choices: Sequence[Choice], longest: int
    ) -> tuple[tuple[Choice, ...], dict[str, str]]:
        found, codes = coded(self.speech.choices(choices), longest)
        changed = [f"{old} → {new}" for old, new in codes.items() if old != new]
        if changed:
            self.notes.append(note("codes_renamed", codes=", ".join(changed)))
        if len(codes) < len(choices):
            self.notes.append(note("codes_repeated"))
        return found, codes

    def _with_reasons(self, options: Sequence[Choice]) -> tuple[Choice, ...]:
        """Options that say "don't know" or "no answer" become reasons, each at most once."""
        main, used, found = self.speech.languages.main, set(), []
        for option in options:
            reason = "" if option.other else reason_of(option.label.get(main, ""))
            if reason and reason not in used:
                used.add(reason)
                self.notes.append(note("reason_found", label=option.label[main], reason=reason))
                option = replace(option, missing=reason, exclusive=False)
            found.append(option)
        return tuple(found) if self._answers(found) else tuple(options)

    def _worded(self, options: Sequence[Choice]) -> tuple[Choice, ...]:
        """Steps of a scale that are numbers or signs get a word."""
        found = []
        for option in options:
            label = {tag: worded_step(text, tag) for tag, text in option.label.items()}
            found.append(replace(option, label=label))
        if found != list(options):
            self.notes.append(note("numbered_steps", count=len(found)))
        return tuple(found)

    @staticmethod
    def _answers(options: Sequence[Choice]) -> list[Choice]:
        return [option for option in options if not option.missing]

    def _two_choices(self, options: tuple[Choice, ...]) -> tuple[Choice, ...]:
        """A list with one entry gets its opposite, so that there is something to choose."""
        tags = (self.speech.languages.main, *self.speech.languages.others)
        codes = {option.code.casefold() for option in options}
        label = own_words("none_fits", tags)
        self.notes.append(note("one_option", label=label[self.speech.languages.main]))
        self.type = "single"
        for key in ("at_most", "depth", "shuffle"):
            self.keys.pop(key, None)
        # With the other reasons at the end, the opposite stands right behind the one entry.
        place = 1 + next(i for i, option in enumerate(options) if not option.missing)
        opposite = Choice(free_name("none", codes, LONGEST_CODE), label)
        plain = tuple(replace(option, exclusive=False) for option in options)
        return (*plain[:place], opposite, *plain[place:])

    # -- limits ---------------------------------------------------------------------------

    def _limits(self, count: int) -> None:
        if self.type == "ranking":
            depth = self.keys.get("depth", 0)
            places = depth or count
            if places > FULL_RANKING:
                self.keys["depth"] = ASKED_PLACES
                self.notes.append(note("ranking_shortened", count=count, depth=ASKED_PLACES))
        elif self.type == "number":
            self._number_limits()
        elif self.type == "date":
            for key in ("min", "max"):
                if self.keys.get(key, "9999") < FIRST_DAY.isoformat():
                    self.notes.append(note("limit_lost", limit=self.keys.pop(key)))

    def _number_limits(self) -> None:
        low, high = self.keys.get("min"), self.keys.get("max")
        if low is not None and high is not None and high <= low:
            self.notes.append(note("limits_contradict", low=low, high=high))
            del self.keys["min"], self.keys["max"]
            low = high = None
        if low is None:
            if high is not None and high <= 0:
                self.keys["min"] = low = high - 1_000_000
            self.notes.append(note("number_from_zero", limit=low or 0))
        origin = min(low or 0, 0)
        wanted = decimals = int(self.keys.pop("decimals", 0))
        while decimals and high is not None and (high - origin) * 10**decimals > LARGEST:
            decimals -= 1
        if high is not None and high - origin > LARGEST:
            self.notes.append(note("limit_lost", limit=self.keys.pop("max")))
        if decimals < wanted:
            self.notes.append(note("decimals_cut", decimals=decimals))
        self.keys |= {"decimals": decimals} if decimals else {}

    # -- names ----------------------------------------------------------------------------

    def _id(self, options: Sequence[Choice], rows: Sequence[Choice], parts: Sequence[str]) -> str:
        shape = PlannedItem("", self.type, {}, {}, tuple(options), tuple(rows))
        shape = replace(shape, headings=tuple(PlannedHeading(part, {}, ()) for part in parts))
        longest = room(_variables(shape))
        tried = set(self.taken)
        while True:
            id = free_name(self.draft.name, tried, longest, letter="q")
            if not any(name.casefold() in self.taken for name in _variables(replace(shape, id=id))):
                break
            tried.add(id.casefold())
        if id != self.draft.name:
            self.notes.append(note("renamed", old=self.draft.name, new=id))
        return id

    def _references(
        self, item: PlannedItem, codes: Mapping[str, str], rows: Mapping[str, str]
    ) -> dict[str, Reference]:
        name = self.draft.name
        if item.type == "info":
            return {}
        sized = item.type == "number" or _sized(item.options, codes)
        whole = Reference(item.id, item.type, codes, sized=sized)
        found = {name: whole}
        if self.draft.boxes and item.type in ("multiple", "single"):
            for old, new in codes.items():
                found[f"{name}_{old}"] = replace(whole, box=new, sized=False)
        for old, new in rows.items() if self.draft.boxes else ():
            if item.headings:
                for place, heading in enumerate(item.headings):
                    steps = {option.code: option.code for option in heading.options}
                    row = f"{heading.id}.{new}"
                    found[f"{name}_{old}_{place}"] = replace(whole, codes=steps, row=row)
            else:
                found[f"{name}_{old}"] = replace(whole, row=new)
        return found


def _sized(options: Sequence[Choice], codes: Mapping[str, str]) -> bool:
    """Whether the codes are plain numbers that mean the same size in the data set."""
    plain = all(re.fullmatch(r"0|[1-9]\d{0,4}", code) for code in codes if code != _SOURCE_OTHER)
    same = all(old == new for old, new in codes.items())
    reasons = any(option.missing or option.other for option in options)
    return bool(options) and plain and same and not reasons and not explicit_values(options)


def _variables(item: PlannedItem) -> list[str]:
    """Names of the variables and of texts stored apart."""
    found = [item.id]
    if item.headings:
        found += [f"{item.id}_{h.id}" for h in item.headings]
        found += [f"{item.id}_{h.id}_{row.code}" for h in item.headings for row in item.rows]
    elif item.rows:
        found += [f"{item.id}_{row.code}" for row in item.rows]
    if item.type in ("multiple", "ranking"):
        found += [f"{item.id}_{option.code}" for option in item.options if not option.missing]
    if any(option.other for option in item.options):
        found.append(f"{item.id}_other_text")
    return found
