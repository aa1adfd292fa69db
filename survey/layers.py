"""Layers of an urn taken off: by a holder on an own machine, or all of them where keys are.

Nothing here knows a database: it runs on any machine that has the exported file and the key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

from survey import keys, tally
from survey.dataset import DataSet, write_data_set
from survey.errors import BallotError, SurveyError
from survey.progress import Progress, counted, silent
from survey.unsealing import Identities, judged, read_questionnaires, unsealed
from survey.urn_file import UrnHeader, read_urn_file, write_urn_file

Readable = TypeVar("Readable", bytes, tally.Judged)


def open_layer(
    path: Path, identities: Identities, out: Path, progress: Progress = silent
) -> DataSet | None:
    """Take a holder's layer off an exported urn and write what is left to a new file.

    The last holder gets the data set, the others None. Raises ``SurveyError`` if none of the
    identities belongs to the outermost layer.
    """
    with read_urn_file(path) as (header, sealed):
        return open_urn(header, sealed, identities, out, progress)


def open_urn(
    header: UrnHeader,
    sealed: Iterable[bytes],
    identities: Identities,
    out: Path,
    progress: Progress = silent,
) -> DataSet | None:
    """The same for an urn that was read."""
    _require_turn(header, identities)
    rejected = Counter(header.rejected)
    with progress(f"opening {header.ballots} ballots", header.ballots) as step:
        if len(header.layers) == 1:
            told = counted(sealed, step)
            return build_data_set(header, told, [identities], rejected, out)
        inner = _readable(counted(unsealed(sealed, [identities], header.ballots), step), rejected)
        rest = replace(header, layers=header.layers[1:])
        # The number of unreadable ballots is known only when the last one has been tried.
        write_urn_file(out, inner, lambda: replace(rest, rejected=dict(rejected)))
    return None


def build_data_set(
    header: UrnHeader,
    sealed: Iterable[bytes],
    layers: Sequence[Identities],
    rejected: Counter[str],
    out: Path,
) -> DataSet:
    """The data set of ballots under their last layers, written to a new file.

    Every ballot is judged by signature, study, instrument, key and answers; those that fail
    are counted in ``rejected`` by reason, beside those that could not be unsealed.
    """
    questionnaire, earlier = read_questionnaires(header)
    taken = tally.Tally(questionnaire, keys.read_host_key(header.host_key), earlier)
    for one in _readable(judged(sealed, layers, header), rejected):
        try:
            taken.take_in(one)
        except BallotError as error:
            rejected[error.reason] += 1
    found = taken.parted()
    return write_data_set(
        out,
        study=questionnaire.study,
        codebook=questionnaire.codebook,
        columns=found.columns,
        texts=found.texts,
        orders=found.orders,
        protocol=_protocol(header, found, rejected),
    )


def _protocol(header: UrnHeader, found: tally.Parted, rejected: Counter[str]) -> dict[str, Any]:
    return {
        "urn": header.digest,
        "instrument": header.instrument_hash,
        "host_key": header.host_key,
        "rule": header.rule,
        "holders": [asdict(holder) for holder in header.holders],
        "ballots": header.ballots,
        "accepted": found.ballots,
        "rejected": dict(sorted(rejected.items())),
        "modes": dict(sorted(found.modes.items())),
        # What was changed while the study was open, for the dossier; never how many answered
        # which version: early and late respondents must not be told apart.
        "versions": [{"instrument": hash, "replaced": why} for hash, _, why in header.earlier],
    }


def _readable(
    found: Iterable[Readable | BallotError], rejected: Counter[str]
) -> Iterator[Readable]:
    for one in found:
        if isinstance(one, BallotError):
            rejected[one.reason] += 1
        else:
            yield one


def _require_turn(header: UrnHeader, identities: Identities) -> None:
    held = {str(identity.to_public()) for identity in identities}
    if held & set(header.layers[0]):
        return
    turn = [holder.holder for holder in header.holders if holder.key in header.layers[0]]
    raise SurveyError(
        f"this key does not open the outermost layer: it belongs to {', '.join(turn)}"
    )
