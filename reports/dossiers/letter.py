"""The result letter for those who took part: two pages in plain words, in each language asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from reports import rank_wording, summaries, typography
from reports.bar_figures import BarWords, shares_figure
from reports.beside import ALONE, Beside
from reports.dossier import (
    Block,
    Dossier,
    Margins,
    Paragraph,
    Points,
    Section,
    checked,
    fitting,
    shortened,
)
from reports.dossiers import chapters, scales
from reports.errors import DossierError
from reports.estimates import Estimate, Results
from reports.exhibits import Picture
from reports.letter_words import LETTERS, LetterWords
from reports.rank_wording import Top
from reports.summaries import Distribution, Ranked, Ranking
from survey import __version__
from survey.codebook import Codebook, Question, Role, Scale
from survey.study import Regime

KIND = "public"
REGIMES = frozenset({Regime.CENSUS_ATTEMPT, Regime.OPEN_PARTICIPATION})


def letters(
    results: Results, beside: Beside = ALONE, *, program: str = __version__
) -> tuple[Dossier, ...]:
    """A letter in every language that the study was asked in and that letters are written in."""
    study, codebook = results.release.study, results.release.codebook
    if study.regime not in REGIMES:
        raise DossierError(f"the result letter is not for {study.regime}; {study.id} is one")
    return tuple(
        _letter(results, own, words, tag, program)
        for tag, words in LETTERS.items()
        if (own := codebook.in_language(tag)) is not None
    )


def _letter(results: Results, own: Codebook, words: LetterWords, tag: str, program: str) -> Dossier:
    release = results.release
    told = _Told(results, own, words)
    study = replace(release.study, **{n: t for n, t in own.words if n in ("title", "next_steps")})  # type: ignore[arg-type]
    ranking = next(iter(chapters.rankings(results)), None)
    contact = dict(own.words).get("contact", study.contact)
    second: list[Block] = [told.picture(ranking)] if ranking is not None else []
    second += [
        Points(words.protection, words.protection_title),
        Points(tuple(t for t in (words.report, contact) if t), words.contact_title),
    ]
    findings = told.findings(ranking)

    def version(shown: int, next_steps: str) -> Section:
        blocks: list[Block] = [Paragraph(words.thanks), Points((told.who(),), words.who)]
        blocks += [Points(findings[:shown], words.results)] if shown else []
        blocks += [Points((next_steps,), words.next_title)] if next_steps else []
        blocks.append(Points(told.limits, words.limits_title))
        return Section("auf-einen-blick", words.glance, tuple(blocks))

    steps = (study.next_steps, shortened(study.next_steps))
    choices = product(range(len(findings), -1, -1), steps)
    first = fitting(version(*choice) for choice in choices)
    return checked(
        Dossier(
            kind=KIND,
            title=study.title,
            subtitle=words.subtitle,
            study=study,
            sections=(
                first,
                Section("bild", words.picture_title, tuple(second)),
            ),
            fingerprint=release.fingerprint,
            questionnaire=release.codebook.version,
            program=program,
            edition=words.edition,
            language=words.html,
            track=tag,
            margins=Margins(words.simulated, words.source, words.page, words.of, words.asked),
            day=study.closes.date() if study.closes else None,
        )
    )


class _Told:
    """What the results say in one language."""

    def __init__(self, results: Results, own: Codebook, words: LetterWords) -> None:
        self._results, self._own, self._words = results, own, words
        self._census = results.release.study.regime is Regime.CENSUS_ATTEMPT

    @property
    def limits(self) -> tuple[str, ...]:
        """What the survey does not say."""
        return self._words.limits_census if self._census else self._words.limits_open

    def printed(self, text: str) -> str:
        """A printed number in the language."""
        return typography.in_english(text) if self._words.html == "en" else text

    def who(self) -> str:
        """How many took part."""
        n = self.printed(typography.count(chapters.ballots(self._results)))
        rate = chapters.response_rate(self._results)
        if rate is None or rate.value is None or rate.base_N is None:
            return self._words.ballots.format(n=n)
        people = self.printed(typography.count(rate.base_N))
        return self._words.people_of.format(n=n, N=people, rate=self.printed(rate.printed))

    def findings(self, ranking: Ranking | None) -> tuple[str, ...]:
        """At most three results."""
        found = [self._lead(ranking, self._question(ranking.question))] if ranking else []
        for choice in scales.choice_rows(self._results):
            ranked = summaries.chosen(self._results, choice.question)
            if ranked is not None:
                parts = [self._lead(ranked, self._question(choice.question)), *self._none(choice)]
                found.append(" ".join(parts))
        codebook = self._results.release.codebook
        for question in codebook.with_role(Role.ASSESSMENT):
            if question.scale is Scale.ORDINAL and len(question.variables) == 1:
                rows = summaries.distributions(self._results, question)
                found += [self._agreement(row) for row in rows if row.top2 and row.bottom2]
        return tuple(typography.stopped_once(text) for text in found[:3])

    def _question(self, question: Question) -> Question:
        return self._own.question(question.id)

    def _quoted(self, label: str) -> str:
        before, after = self._words.quotes
        return f"{before}{summaries.short(label)}{after}"

    def label(self, ranked: Ranked, own: Question) -> str:
        """The label of an element or option in the language."""
        for variable in own.variables:
            if own.scale is Scale.RANK and variable.element == ranked.element:
                return summaries.short(variable.label)
            for code in variable.codes:
                if own.scale is not Scale.RANK and code.name == ranked.element:
                    return summaries.short(code.label)
        return ranked.label

    def _lead(self, ranking: Ranking, own: Question) -> str:
        words, title = self._words, own.title or own.text
        claimed = rank_wording.lead(ranking).orders
        if not claimed:
            labels = [self._quoted(self.label(e, own)) for e in _candidates(ranking)]
            text = {
                Top.LEVEL: words.level_census if self._census else words.level_open,
                Top.WEIGHTING: words.weighting,
                Top.UNKNOWN: words.unknown,
            }[rank_wording.top(ranking)]
            return text.format(title=title, labels=_listed(labels, words.conjunction))
        first = next(e for e in ranking.elements if e.element == claimed[0][0])
        text = words.ahead_top if ranking.question.depth > 1 else words.ahead_first
        share = self.printed(first.share.printed)
        said = text.format(title=title, label=self._quoted(self.label(first, own)), share=share)
        if ranking.stated is None:
            return said
        more = self.printed(ranking.stated.erased_by.printed)
        return f"{said} {words.erased.format(n=more)}"

    def _none(self, choice: Distribution) -> list[str]:
        own = {code.name: code.label for code in self._question(choice.question).variables[0].codes}
        return [
            self._words.nothing.format(
                share=self.printed(share.printed),
                label=self._quoted(own.get(code.name, code.label)),
            )
            for code, share in choice.steps
            if code.name in scales.NO_CHOICE
        ]

    def _agreement(self, row: Distribution) -> str:
        own = self._question(row.question)
        labels = {code.name: code.label for code in own.variables[0].codes}

        def ends(part: slice) -> str:
            names = [self._quoted(labels.get(code.name, code.label)) for code, _ in row.steps[part]]
            return _listed(names, self._words.disjunction)

        return self._words.agree.format(
            title=own.title or own.text, high=_value(row.top2, self), top=ends(slice(-2, None)),
            low=_value(row.bottom2, self), bottom=ends(slice(0, 2)),
        )  # fmt: skip

    def picture(self, ranking: Ranking) -> Picture:
        """The shares of the ranking as bars with labels of the language."""
        words, own = self._words, self._question(ranking.question)
        reasons = dict(words.reasons)
        shown = [
            (self.label(e, own), replace(e.share, printed=self.printed(e.share.printed)))
            for e in ranking.elements
        ]
        silent = [
            (reasons.get(text, text), replace(row, printed=self.printed(row.printed)))
            for text, row in ranking.missing
        ]
        even, people = ranking.weighted_base, ranking.base.base_N
        n = self.printed(typography.count(ranking.base.base_n or 0))
        known = self.printed(typography.count(even.base_n or 0)) if even is not None else ""
        text = words.base if people is None else words.base_of
        of = self.printed(typography.count(people)) if people is not None else ""
        return Picture(
            id=f"ranking-{ranking.question.id}",
            caption=own.title or own.text,
            base=text.format(n=n, N=of),
            wording=own.text,
            notes=(
                *((words.weighted.format(n=known),) if known else ()),
                *((words.line,) if any(row.low is not None for _, row in shown) else ()),
            ),
            figure=shares_figure(
                shown,
                silent,
                BarWords(
                    words.bars,
                    words.silent,
                    words.picture.format(question=own.text),
                    words.percent,
                ),
            ),
        )


def _value(row: Estimate | None, told: _Told) -> str:
    return told.printed(row.printed) if row is not None else "–"


def _candidates(ranking: Ranking) -> Sequence[Ranked]:
    """Who may be first in either column; without possible places the two that are named most."""
    columns = [
        e
        for e in ranking.elements
        if any(places is not None and places.low == 1 for places in (e.places, e.plain_places))
    ]
    first = ranking.by_share[:2]
    return columns or [e for e in ranking.elements if e in first]


def _listed(words: Sequence[str], conjunction: str) -> str:
    return typography.listed(words, conjunction)
