"""What a study needs of its key holders before it opens."""

from __future__ import annotations

from collections.abc import Sequence

from survey import keys
from survey.errors import StudyStateError
from survey.home import Home
from survey.rehearsal_record import require_rehearsal
from survey.study import Access, Study


def check_holders(home: Home, study: Study, recipients: Sequence[keys.Recipient]) -> None:
    """Nothing if the study may open with these key holders; else ``StudyStateError``.

    A study with codes needs two, none of their private keys on this server, and a rehearsal.
    """
    if study.demo:
        return
    needed = 2 if study.access is Access.CODES else 1
    if len(recipients) < needed:
        raise StudyStateError(
            f"study {study.id} has {len(recipients)} key holders and needs {needed}: "
            "`survey keys create` on each holder's own machine, then `survey keys register` here"
        )
    if study.access is Access.CODES:
        found = keys.private_keys_under(home.path, recipients)
        if found:
            raise StudyStateError(
                f"a private key of study {study.id} lies on this server ({found[0]}): with it "
                "the ballots could be read here. Make new keys on the holders' own machines"
            )
        require_rehearsal(home, study.id, recipients, study.opening.value, keys.host_key(home))
