"""The sections of a questionnaire file as types: which keys there are, and which values."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

from survey.codebook import Role
from survey.items.base import CodeName, Model, Name, Option
from survey.routing import Rule
from survey.study import Access, OpeningRule, Regime, WeightMethod


def _moment(value: object) -> object:
    # Without this, a bare number would be taken for seconds since 1970.
    return datetime.fromisoformat(value) if isinstance(value, str) else value


Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
Text = Annotated[str, Field(min_length=1)]


BlockNames = Annotated[tuple[CodeName, ...], Field(min_length=2)]


class HeadcountsSection(Model):
    """The file with known headcounts; ``total`` is compared with its sum."""

    file: Text = Field(
        description="Comma-separated file beside the questionnaire: one or two items, headcount.",
        examples=["staff-headcounts.csv"],
    )
    date: str = Field(
        default="", description="Key date of the headcounts.", examples=["2026-10-01"]
    )
    source: str = Field(
        default="", description="Where the headcounts come from.", examples=["Stellenübersicht"]
    )
    total: int | None = Field(
        default=None, ge=1, description="Sum of the headcounts, as a check.", examples=[22000]
    )


class WeightsSection(Model):
    """How headcounts make weights; without it by the cells of the headcounts."""

    method: WeightMethod = Field(
        default=WeightMethod.POST_STRATIFICATION,
        description=(
            "By the cells of the headcounts, or to their margins (`raking`), which small cells "
            "do not hurt."
        ),
    )
    margins: tuple[Name, ...] = Field(
        default=(),
        description="Items of the headcounts that raking fits; none named: all of them.",
        examples=[["department", "workplace"]],
    )
    most: float | None = Field(
        default=None,
        ge=1.5,
        description=(
            "Cuts weights at this multiple of their mean, with raking only; the report then says "
            "how far the margins are off."
        ),
        examples=[5],
    )


class PhaseSection(Model):
    """One step of the whole process."""

    words: ClassVar[tuple[str, ...]] = ("title", "state")

    title: Text = Field(description="What happens in this step.", examples=["Workshops"])
    start: Text = Field(description="First day.", examples=["2026-04-20"])
    end: Text = Field(description="Last day.", examples=["2026-09-18"])
    state: str = Field(default="", description="Where it stands.", examples=["abgeschlossen"])


class EvaluationSection(Model):
    """One planned evaluation: some questions, by at most two attributes crossed."""

    items: tuple[Name, ...] = Field(
        default=(), description="Items to be evaluated.", examples=[["topics", "motto"]]
    )
    role: Role | None = Field(
        default=None, description="All items with this role, instead of `items`."
    )
    by: tuple[Name, ...] = Field(
        default=(),
        description="Single choices whose answers form the groups; none: everybody together.",
        examples=[["department"]],
    )


class AcknowledgementSection(Model):
    """A note of `survey check` that the author has seen and keeps, with the reason."""

    code: Text = Field(
        description="Code of the note, as `--format json` gives it.", examples=["agree_scale"]
    )
    where: Text = Field(
        description="Id of the item or page, name of the scale or list, `study`, or a file name.",
        examples=["satisfied"],
    )
    reason: Text = Field(
        description="Why it stays; whoever reviews the questionnaire reads it.",
        examples=["Wortlaut der Vorjahre, für den Vergleich"],
    )


class StudySection(Model):
    """Who is asked, under which regime, when, and with which promises."""

    words: ClassVar[tuple[str, ...]] = (
        *("title", "population", "commissioner", "contact"),
        *("purpose", "welcome", "retention", "next_steps"),
    )

    id: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,63}$",
        description="Short name of the study in addresses and file names.",
        examples=["vision-staff"],
    )
    title: Text = Field(
        description="What the start page is headed with.", examples=["Wie arbeiten wir morgen?"]
    )
    regime: Regime = Field(
        description="What the answers can be evidence for; decides which numbers can be printed."
    )
    access: Access = Field(description="One code per person, or open to all.")
    population: Text = Field(description="Who is asked.", examples=["Alle Beschäftigten"])
    closes: Moment = Field(
        description="End, with time zone; the server enforces it.",
        examples=["2027-05-21T18:00:00+02:00"],
    )
    opens: Moment | None = Field(
        default=None,
        description="Beginning, with time zone.",
        examples=["2026-10-19T08:00:00+02:00"],
    )
    opening: OpeningRule = Field(
        default=OpeningRule.ALL, description="Whether all key holders open the urn, or any one."
    )
    language: Literal["de", "en"] = Field(
        default="de", description="Language in which this file is written."
    )
    contact: str = Field(
        default="", description="Whom to ask.", examples=["Projektteam, Telefon 0000 12345"]
    )
    commissioner: str = Field(
        default="", description="Who asks, and on whose behalf.", examples=["Projektteam"]
    )
    purpose: str = Field(
        default="", description="What the answers are for.", examples=["Was zuerst zählt."]
    )
    retention: str = Field(
        default="",
        description="How long the answers are kept.",
        examples=["Zwei Jahre nach dem Beschluss"],
    )
    delete_on: str = Field(
        default="",
        pattern=r"^(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$",
        description="Day on which `survey purge` deletes the answers.",
        examples=["2029-05-21"],
    )
    council_question: str = Field(
        default="",
        description="The question that the dossier answers for the council.",
        examples=["Was kommt zuerst?"],
    )
    council_paper: str = Field(
        default="", description="The paper that the dossier belongs to.", examples=["Vorlage 12/27"]
    )
    next_steps: str = Field(
        default="",
        description="What happens after the closing.",
        examples=["Der Rat berät im Herbst."],
    )
    minutes: int = Field(
        default=0,
        ge=0,
        le=120,
        description="Time that the start page announces; compared with an estimate for phones.",
        examples=[10],
    )
    welcome: dict[CodeName, Text] = Field(
        default_factory=dict,
        description="Texts of the start page by name.",
        examples=[{"voluntary": "Die Teilnahme ist freiwillig."}],
    )
    phases: tuple[PhaseSection, ...] = Field(
        default=(),
        description="Steps of the whole process.",
        examples=[[{"title": "Workshops", "start": "2026-04-20", "end": "2026-09-18"}]],
    )
    rules: dict[CodeName, int] = Field(
        default_factory=dict,
        description="Thresholds of the disclosure gate; they may only be raised.",
        examples=[{"min_base": 15}],
    )
    headcounts: HeadcountsSection | None = Field(
        default=None,
        description="Known headcounts; mandatory if everybody is asked.",
        examples=[{"file": "staff-headcounts.csv"}],
    )
    composition: HeadcountsSection | None = Field(
        default=None,
        description=(
            "Population numbers of one question where nobody is invited: context beside the "
            "answers, never a base for rates."
        ),
        examples=[{"file": "public-districts.csv"}],
    )
    weights: WeightsSection | None = Field(
        default=None,
        description="How the headcounts make weights, if not by their cells.",
        examples=[{"method": "raking", "margins": ["department", "workplace"]}],
    )
    translations: dict[str, Text] = Field(
        default_factory=dict,
        description="Translation files beside the questionnaire, by language tag.",
        examples=[{"en": "staff.en.yaml", "de-leicht": "staff.de-leicht.yaml"}],
    )
    expected_rate: float = Field(
        default=0.25,
        ge=0.01,
        le=1,
        description="Share of people expected to answer; with headcounts it gives expected cells.",
        examples=[0.25],
    )
    evaluations: tuple[EvaluationSection, ...] = Field(
        default=(),
        description="Evaluations that are planned and promised.",
        examples=[[{"role": "assessment", "by": ["department"]}]],
    )
    review_group: str = Field(
        default="",
        description="Who has reviewed the plain-language text; only then it is Leichte Sprache.",
        examples=["Prüfgruppe der Werkstatt Süd"],
    )


class ScaleSection(Model):
    """A named scale; ``scored`` gives its steps the scores 1, 2, 3 …"""

    steps: tuple[Option, ...] = Field(
        min_length=2,
        description="The steps from one end to the other, and reasons such as “don't know”.",
        examples=[[{"code": 1, "label": "nie"}, {"code": 2, "label": "immer"}]],
    )
    scored: bool = Field(
        default=False, description="Whether means may be computed: steps count 1, 2, 3 …"
    )

    @property
    def options(self) -> tuple[Option, ...]:
        """The steps with their scores."""
        if not self.scored:
            return self.steps
        places = iter(range(1, len(self.steps) + 1))
        return tuple(
            step if step.missing else step.model_copy(update={"score": _score(step, next(places))})
            for step in self.steps
        )


def _score(step: Option, place: int) -> float:
    return float(place) if step.score is None else step.score


class ListSection(Model):
    """A named list."""

    options: tuple[Option, ...] = Field(min_length=1, description="The entries.")


class TextSection(Model):
    """One text of a reading study; each text is sent on its own."""

    words: ClassVar[tuple[str, ...]] = ("title",)

    id: Name = Field(description="Short name of the text.", examples=["t1"])
    title: Text = Field(description="Heading of the text.", examples=["Leitbild"])
    minutes: int = Field(
        default=0, ge=0, le=120, description="Time that reading and answering take.", examples=[3]
    )
    version: str = Field(default="", description="Version of the text.", examples=["Mai 2027"])


class PageSection(Model):
    """One screen; its items are read one by one."""

    words: ClassVar[tuple[str, ...]] = ("title", "intro")

    id: Name = Field(description="Short name of the page.", examples=["topics"])
    title: Text = Field(description="Heading.", examples=["Themenfelder"])
    intro: str = Field(
        default="", description="A sentence above the items.", examples=["Nun zu Ihrer Arbeit."]
    )
    when: Rule | None = Field(
        default=None,
        description="Shown only if this rule about earlier pages holds.",
        examples=[{"answer": "contact", "is": "yes"}],
    )
    text: str = Field(
        default="",
        description="Text of a reading study that the page belongs to; see `texts`.",
        examples=["t1"],
    )
    shuffle: bool = Field(
        default=False,
        description="Shows the items in one of at most eight balanced orders; see `keep`.",
    )
    block: str = Field(
        default="",
        description="Block that the page belongs to; see `blocks`.",
        examples=["digital"],
    )
    items: tuple[dict[str, Any], ...] = Field(
        min_length=1, description="The items of the page, in order; see item types below."
    )


class FileSection(Model):
    """The keys at the left margin of the file."""

    schema_version: Literal["1"] = Field(
        alias="schema", description="Version of this language; always 1.", examples=[1]
    )
    version: Text = Field(
        default="1", description="The author's version of the questionnaire.", examples=["2"]
    )
    study: dict[str, Any] = Field(description="Who is asked, when, and with which promises.")
    scales: dict[CodeName, dict[str, Any]] = Field(
        default_factory=dict, description="Named scales; items refer to them with `scale`."
    )
    lists: dict[CodeName, list[Any]] = Field(
        default_factory=dict, description="Named lists of options; items refer with `list`."
    )
    texts: tuple[TextSection, ...] = Field(
        default=(),
        description="Texts of a reading study; pages name theirs with `text`.",
        examples=[[{"id": "t1", "title": "Leitbild", "minutes": 3}]],
    )
    blocks: dict[CodeName, BlockNames] = Field(
        default_factory=dict,
        description="Blocks of pages that are shown in one of at most eight balanced orders.",
        examples=[{"themes": ["digital", "rooms"]}],
    )
    pages: tuple[dict[str, Any], ...] = Field(min_length=1, description="The pages, in order.")
    acknowledged: tuple[AcknowledgementSection, ...] = Field(
        default=(), description="Notes of `survey check` that stay, each with its reason."
    )
