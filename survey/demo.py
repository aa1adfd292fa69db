"""The demo: every shipped study answered by a simulated population, sealed and opened.

Each study goes through the states that a real one goes through; a run takes up every study
where the last one left it, so that an interrupted demo is finished and a finished one is
reused. Beside it, a second staff study stays open to be tried out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from survey import codes, urn
from survey.dataset import DataSet, current_data_set
from survey.desk import Desk
from survey.errors import QuestionnaireError, SetupError
from survey.files import SHIPPED as SHIPPED
from survey.home import Home
from survey.language_files import PROCEEDING, is_translation_file
from survey.opening import open_on_server
from survey.opening_record import record_opening
from survey.population import NO_SHARES, Shares, draw_population
from survey.progress import Progress
from survey.questionnaire import Bundle, check_bundle, load_bundle, read_bundle
from survey.simulate import draw_sample, simulate, write_aside, write_truth
from survey.states import State
from survey.studies import add_study, close_study, list_studies, load_study, open_study
from survey.study import Access
from survey.truth import truth

RESPONSES = 5430
SEED = 1058
"""A seed in which the largest answering group hides what most people want first."""

SHARES: Mapping[str, Shares] = {
    "vision-public": {
        "relation": {"resident": 0.82, "works": 0.13, "other": 0.05},
        "employee": {"yes": 0.05, "no": 0.95},
        "contact": {"yes": 0.68, "no": 0.32},
    }
}
"""What a city looks like where chance would draw a strange one."""

TRY_OF, TRY_OUT = "vision-staff", "vision-staff-try"


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the simulated answers of a demo."""

    responses: int = RESPONSES
    seed: int = SEED


@dataclass(frozen=True, slots=True)
class Demo:
    """What a run leaves: data sets, true values, and codes for trying the open study."""

    data_sets: tuple[DataSet, ...]
    truths: tuple[Path, ...]
    codes: tuple[str, ...]


def shipped_bundles(folder: Path = SHIPPED) -> dict[str, Bundle]:
    """The shipped questionnaires by study id; raises ``QuestionnaireError`` with all mistakes."""
    files = [
        path
        for path in sorted(folder.glob("*.yaml"))
        if not is_translation_file(path) and not path.name.endswith(PROCEEDING)
    ]
    bundles = [load_bundle(path) for path in files]
    if not bundles:
        raise SetupError(f"there are no questionnaires in {folder}")
    problems = [problem for bundle in bundles for problem in check_bundle(bundle)]
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise QuestionnaireError(errors)
    return {read_bundle(bundle).study.id: bundle for bundle in bundles}


def run_demo(
    home: Home, settings: Settings, now: datetime, say: Callable[[str], None], progress: Progress
) -> Demo:
    """The finished demo of a home; what an earlier run has done is reused.

    Raises ``SetupError`` if the earlier run had other settings: answers would be mixed.
    """
    bundles = shipped_bundles()
    say(f"{len(bundles)} shipped questionnaires checked: {', '.join(bundles)}")
    _require_demos(home, [*bundles, TRY_OUT])
    home.ensure()
    _settle(home, settings)
    data_sets = [
        _finish(home, id, bundle, settings, now, say, progress) for id, bundle in bundles.items()
    ]
    truths = tuple(_truth_file(home, id) for id in bundles)
    return Demo(tuple(data_sets), truths, _open_to_try(home, bundles, now))


def _require_demos(home: Home, ids: Sequence[str]) -> None:
    """Raise ``SetupError`` if a real study has one of the ids: it must stay untouched."""
    known = {row.id for row in list_studies(home)}
    for id in ids:
        if id in known and not load_study(home, id).study.demo:
            raise SetupError(f"{home.path} holds a real study {id}: use another --home for a demo")


def _settle(home: Home, settings: Settings) -> None:
    """Note the settings of the first run, refuse others later."""
    path = home.path / "demo.json"
    if not path.exists():
        write_aside(path, json.dumps(asdict(settings)) + "\n")
    try:
        earlier = Settings(**json.loads(path.read_text(encoding="utf-8")))
        if not all(isinstance(value, int) for value in asdict(earlier).values()):
            raise ValueError("a setting is no number")
    except (ValueError, TypeError, RecursionError):
        raise SetupError(f"{path} is damaged; use another --home for a new demo") from None
    if earlier != settings:
        raise SetupError(
            f"{home.path} holds a demo with --responses {earlier.responses} --seed "
            f"{earlier.seed}; repeat it with these, or use another --home"
        )


def _finish(
    home: Home,
    id: str,
    bundle: Bundle,
    settings: Settings,
    now: datetime,
    say: Callable[[str], None],
    progress: Progress,
) -> DataSet:
    """Take one study from where it stands to its data set."""
    if _state(home, id) is None:
        study = add_study(home, bundle, demo=True)
        say(f"{id}: “{study.title}” is added as a demo; its keys stay in this home")
    if _state(home, id) is State.DRAFT:
        open_study(home, id, now)
    if _state(home, id) is State.OPEN:
        _answer(home, id, settings, now, progress)
        close_study(home, id, now)
    if _state(home, id) is State.CLOSED:
        data_set = open_on_server(home, id, progress)
        record_opening(home, data_set, now)
    else:
        say(f"{id}: answered and opened by an earlier run, nothing to do")
    return current_data_set(home, id)


def _answer(home: Home, id: str, settings: Settings, now: datetime, progress: Progress) -> None:
    """Cast the ballots that are not in the urn yet; they come in a fixed order."""
    desk = Desk.open(home, id)
    shares = SHARES.get(id, NO_SHARES)
    population = draw_population(desk.questionnaire, settings.seed, shares=shares)
    write_truth(_truth_file(home, id), truth(population))
    sample = draw_sample(population, settings.responses, settings.seed)
    rest = sample.since(urn.count(home, id, now))
    issued = _codes(home, desk, len(rest.people)) if len(rest.people) else []
    with progress(f"{id}: sealing {len(rest.people)} ballots", len(rest.people)) as step:
        simulate(desk, rest, issued, now, step)


def _codes(home: Home, desk: Desk, needed: int) -> list[str]:
    """Codes for all invited people at the first run, later only what is still needed."""
    if desk.study.access is not Access.CODES:
        return []
    issued = sum(count for _, count in codes.counts(home, desk.study.id))
    invited = desk.study.frame.total if desk.study.frame else needed
    return codes.issue(home, desk.study.id, max(invited - issued, needed))


def _open_to_try(home: Home, bundles: dict[str, Bundle], now: datetime) -> tuple[str, ...]:
    """Three fresh codes of the study that stays open; none if somebody has closed it."""
    if TRY_OF not in bundles:
        return ()
    if _state(home, TRY_OUT) is None:
        add_study(home, bundles[TRY_OF], study_id=TRY_OUT, demo=True)
    if _state(home, TRY_OUT) is State.DRAFT:
        open_study(home, TRY_OUT, now)
    if _state(home, TRY_OUT) is not State.OPEN:
        return ()
    return tuple(codes.issue(home, TRY_OUT, 3))


def _state(home: Home, id: str) -> State | None:
    return next((State(row.state) for row in list_studies(home) if row.id == id), None)


def _truth_file(home: Home, id: str) -> Path:
    return home.path / "truth" / f"{id}.json"
