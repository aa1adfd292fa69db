"""The opening: from sealed ballots to a data set, after closing and only once.

For studies with codes the urn is exported as a file; every holder takes off a layer on an own
machine, the last one writes the data set, and its import destroys ballots and codes on the
server. Demos and studies without codes may be opened on the server. An interrupted opening
leaves the urn as it was or the data set complete.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

from survey import ballot, keys, links, urn
from survey.dataset import (
    DataSet,
    read_data_set,
    row_count,
    store_data_set,
    stored_data_sets,
    sweep,
)
from survey.errors import StudyStateError, SurveyError
from survey.files import copy_file, locked, make_private_directory
from survey.home import Home
from survey.layers import build_data_set
from survey.layers import open_layer as open_layer
from survey.progress import Progress, counted, silent
from survey.states import State
from survey.studies import StoredStudy, load_study, state_secret
from survey.study import Access, OpeningRule, Study
from survey.urn_file import UrnHeader, write_urn_file


def export_urn(home: Home, study_id: str, out: Path, progress: Progress = silent) -> UrnHeader:
    """The closed urn written to one new file: ballots in random order, study, public keys."""
    stored = load_study(home, study_id)
    _require_closed(stored)
    with links.reading(home) as link:
        header = _header(stored, urn.exact_count(link, study_id))
        digest = urn.ContentDigest()
        with progress(f"{study_id}: exporting {header.ballots} ballots", header.ballots) as step:
            rows = digest.over(counted(urn.shuffled(link, study_id), step))
            # The digest is known only when the last ballot has been read.
            sealed = map(ballot.unframe, rows)
            write_urn_file(out, sealed, lambda: replace(header, digest=digest.hex()))
    return replace(header, digest=digest.hex())


def import_data_set(home: Home, study_id: str, path: Path, progress: Progress = silent) -> DataSet:
    """The holders' data set, verified and stored; then ballots and codes are destroyed.

    Raises ``SurveyError`` if the data set is damaged or does not come from this urn.
    """
    with _lock(home, study_id):
        stored, data_set = load_study(home, study_id), read_data_set(path)
        if stored.state is State.OPENED:
            return _finished(home, study_id, data_set.fingerprint)
        _require_closed(stored)
        sweep(home, study_id)
        with _aside(home, study_id) as aside:
            # What is verified is what is stored: nobody can exchange the file in between.
            copy_file(path, aside)
            _verify(home, stored, read_data_set(aside), path, progress)
            kept = store_data_set(home, aside)
        _destroy(home, study_id, progress)
        return kept


def open_on_server(home: Home, study_id: str, progress: Progress = silent) -> DataSet:
    """The data set of a demo or of a study without codes, opened with the server's keys."""
    with _lock(home, study_id):
        stored = load_study(home, study_id)
        if stored.study.access is Access.CODES and not stored.study.demo:
            raise StudyStateError(
                f"study {study_id} has codes: its urn is exported and opened by the key holders"
            )
        if stored.state is State.OPENED:
            return _finished(home, study_id)
        _require_closed(stored)
        sweep(home, study_id)
        opened = _opened_here(home, stored, progress)
        _destroy(home, study_id, progress)
        return opened


def _opened_here(home: Home, stored: StoredStudy, progress: Progress) -> DataSet:
    study = stored.study
    identities = keys.read_server_identities(home, study.id, demo=study.demo)
    with links.reading(home) as link:
        header = _header(stored, urn.exact_count(link, study.id))
        header = replace(header, digest=urn.digest(link, study.id))
        if before := _opened_before(home, header):
            _verify(home, stored, before, before.path, progress)
            return before
        sealed = map(ballot.unframe, urn.shuffled(link, study.id))
        rejected = Counter(header.rejected)
        layers = [identities] * len(header.layers)
        label = f"{study.id}: opening {header.ballots} ballots"
        with _aside(home, study.id) as aside:
            with progress(label, header.ballots) as step:
                made = build_data_set(header, counted(sealed, step), layers, rejected, aside)
            _verify(home, stored, made, aside, progress)
            return store_data_set(home, aside)


def _lock(home: Home, study_id: str) -> AbstractContextManager[None]:
    # Two openings at once would leave two data sets of one urn, each in an order of its own.
    load_study(home, study_id)
    return locked(home.path / "locks" / study_id)


@contextmanager
def _aside(home: Home, study_id: str) -> Iterator[Path]:
    directory = home.datasets / study_id
    make_private_directory(directory)
    path = directory / ".opening.zip"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _destroy(home: Home, study_id: str, progress: Progress) -> None:
    """Everything that the data set replaces: ballots, codes and the keys on this server."""
    with progress(f"{study_id}: destroying ballots and codes", urn.STEPS) as step:
        urn.destroy(home, study_id, step)
    _destroy_keys(home, study_id)


def _destroy_keys(home: Home, study_id: str) -> None:
    # With a backup of the urn they would still open it.
    keys.destroy_server_keys(home, study_id)
    home.destroy_secret(state_secret(study_id))


def _finished(home: Home, study_id: str, fingerprint: str = "") -> DataSet:
    # The opening stopped before the files were scrubbed, or somebody repeats the command.
    for known in reversed(stored_data_sets(home, study_id)):
        if "urn" in known.protocol and fingerprint in ("", known.fingerprint):
            links.scrub(home)
            _destroy_keys(home, study_id)
            return known
    raise StudyStateError(f"study {study_id} is opened: an urn is opened once")


def _opened_before(home: Home, header: UrnHeader) -> DataSet | None:
    # An opening that stopped after the data set was complete is carried on, not repeated.
    study = Study.from_json(header.study)
    for known in stored_data_sets(home, study.id):
        if known.protocol.get("urn") == header.digest and header.ballots:
            return known
    return None


def _header(stored: StoredStudy, ballots: int) -> UrnHeader:
    public = tuple(recipient.key for recipient in stored.recipients)
    any_holder = stored.study.opening is OpeningRule.ANY
    return UrnHeader(
        study=stored.study.to_json(),
        bundle=stored.bundle.to_json(),
        instrument_hash=stored.instrument_hash,
        host_key=stored.host_key,
        holders=stored.recipients,
        rule=stored.study.opening.value,
        layers=(public,) if any_holder else tuple((key,) for key in public),
        ballots=ballots,
        digest="",
        earlier=tuple((v.instrument_hash, v.bundle.to_json(), v.reason) for v in stored.earlier),
    )


def _verify(
    home: Home, stored: StoredStudy, data_set: DataSet, path: Path, progress: Progress
) -> None:
    # Loaded only here: what judges whole columns takes long to load.
    from survey.soundness import check_content

    check_content(data_set, _text_lengths(stored), path)
    protocol = data_set.protocol
    with links.reading(home) as link:
        ballots = urn.exact_count(link, stored.study.id)
        label = f"{stored.study.id}: comparing with {ballots} ballots"
        with progress(label, ballots) as step:
            digest = urn.digest(link, stored.study.id, step)
    judged = protocol.get("accepted", 0) + sum(protocol.get("rejected", {}).values())
    fits = {
        "the study": data_set.study == stored.study,
        "the questionnaire": data_set.codebook.instrument == stored.instrument_hash,
        "the key of the web host": protocol.get("host_key") == stored.host_key,
        "the content of the urn": protocol.get("urn") == digest,
        "the number of ballots": protocol.get("ballots") == ballots == judged,
        "the number of rows": row_count(data_set) == protocol.get("accepted"),
    }
    wrong = [name for name, fit in fits.items() if not fit]
    if wrong:
        raise SurveyError(
            f"{path} was not made from the urn of {stored.study.id}: "
            f"{', '.join(wrong)} differ. Nothing was imported and nothing destroyed"
        )


def _text_lengths(stored: StoredStudy) -> dict[str, int]:
    """The greatest length of every free text, in any version of the questionnaire."""
    lengths: dict[str, int] = {}
    for questionnaire in (stored.questionnaire, *stored.earlier_questionnaires):
        for item in questionnaire.instrument.items:
            for id, length in item.text_lengths.items():
                lengths[id] = max(length, lengths.get(id, 0))
    return lengths


def _require_closed(stored: StoredStudy) -> None:
    if stored.state is not State.CLOSED:
        raise StudyStateError(
            f"study {stored.study.id} is {stored.state.value}: an urn is opened once, after "
            "`survey study close`"
        )
