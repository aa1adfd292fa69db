"""Access codes: drawn, shown once, kept only as keyed digests.

A code has twelve characters of an alphabet of 32 without I, O, 0 and 1 (60 bits) and a check
character of the same alphabet. Whoever reads the database without the key under ``secrets/``
cannot tell whether a guessed code is in it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from survey import links
from survey.errors import CodeError, StudyStateError, SurveyError
from survey.home import CODE_KEY, Home
from survey.links import Link
from survey.states import State

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 12
SMALLEST_GROUP = 50
PAPER = "paper"
"""Name under which paper codes are counted."""
_INSERT = (
    "INSERT INTO codes (study_id, digest, group_name) VALUES (:study_id, :digest, :group_name)"
)
_PLACE = {character: place for place, character in enumerate(ALPHABET)}


def check_character(body: str) -> str:
    """The check character of twelve characters.

    A weighted sum over the field of 32 elements with the weights 2, 4, 8 … as powers of the
    primitive element: it finds every single wrong character and every swap of two characters.

    Source: Gumm, H. P. (1985), A new class of check-digit methods for arbitrary number
    systems. IEEE Transactions on Information Theory 31, 102-105.

    >>> check_character("222222222222"), check_character("222222222223")
    ('2', '4')
    """
    total = 0
    for character in body:
        total = _double(total ^ _PLACE[character])
    return ALPHABET[total]


def new_code() -> str:
    """A fresh code in readable groups: ``XXXX-XXXX-XXXX-C``."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return grouped(body + check_character(body))


def grouped(code: str) -> str:
    """A normalised code in groups of four for reading.

    >>> grouped("ABCDEFGHJKLMN")
    'ABCD-EFGH-JKLM-N'
    """
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def normalise(text: str) -> str:
    """The 13 characters of a typed code, without spaces and hyphens, in capitals.

    Raises ``CodeError`` with ``typing`` set if length, alphabet or check character are wrong.
    """
    kept = (c for c in text if not c.isspace() and unicodedata.category(c) not in ("Pd", "Cf"))
    code = "".join(kept).upper()
    body, check = code[:LENGTH], code[LENGTH:]
    if len(code) != LENGTH + 1 or any(character not in _PLACE for character in code):
        raise CodeError("the code is not complete or has other characters", typing=True)
    if check_character(body) != check:
        raise CodeError("the code has a typing error", typing=True)
    return code


def digest(key: bytes, study_id: str, code: str) -> bytes:
    """What the database keeps of a normalised code: HMAC-SHA-256 over study and code."""
    return hmac.digest(key, f"{study_id}\0{code}".encode(), hashlib.sha256)


def issue(
    home: Home,
    study_id: str,
    count: int,
    group: str = "",
    show: Callable[[list[str]], object] | None = None,
) -> list[str]:
    """New codes of a study, in readable groups; this is the only time that they are shown.

    ``group`` names a reporting group of at least 50 people, for participation counts only.
    If ``show`` is given and fails, for example for want of disk space, no code is issued.
    """
    drawn = draw(count)
    store(home, study_id, {group: drawn}, show and (lambda: show(drawn)))
    return drawn


def draw(count: int) -> list[str]:
    """Fresh codes in readable groups, which open nothing before they are stored."""
    if count < 1:
        raise SurveyError("at least one code is needed")
    return [new_code() for _ in range(count)]


def check_groups(home: Home, study_id: str, counts: Mapping[str, int]) -> None:
    """Nothing if so many codes per reporting group may be issued; else ``SurveyError``."""
    _check_names(counts)
    with links.reading(home) as link:
        _check_issue(link, study_id)
        for group, count in counts.items():
            _check_size(group, _issued(link, study_id, group) + count)


def store(
    home: Home,
    study_id: str,
    drawn: Mapping[str, Sequence[str]],
    show: Callable[[], object] | None = None,
) -> None:
    """Make drawn codes valid, by reporting group; all of them or, if ``show`` fails, none."""
    _check_names(drawn)
    key = home.secret(CODE_KEY)
    rows = [
        {"study_id": study_id, "digest": digest(key, study_id, normalise(c)), "group_name": group}
        for group, codes_of_group in drawn.items()
        for c in codes_of_group
    ]
    with links.writing(home) as link:
        _check_issue(link, study_id)
        for group, codes_of_group in drawn.items():
            _count_issued(link, study_id, len(codes_of_group), group)
        link.change_many(_INSERT, rows)
        if show is not None:
            show()


def issue_paper(home: Home, study_id: str, count: int) -> int:
    """Number of all paper codes of a study after ``count`` new ones.

    A paper code is a permission to enter one sheet after closing. It has no characters that
    could be printed on a sheet or typed on a page: only its random digest exists.
    """
    if count < 1:
        raise SurveyError("at least one code is needed")
    digests = {secrets.token_bytes(hashlib.sha256().digest_size) for _ in range(count)}
    rows = [{"study_id": study_id, "digest": d, "group_name": PAPER} for d in digests]
    with links.writing(home) as link:
        _check_issue(link, study_id)
        _count_issued(link, study_id, count, PAPER)
        link.change_many(_INSERT, rows)
        return _paper_left(link, study_id)


def paper_left(home: Home, study_id: str) -> int:
    """Number of sheets that may still be entered."""
    with links.reading(home) as link:
        return _paper_left(link, study_id)


def burn_paper(link: Link, study_id: str, count: int) -> None:
    """Use up paper codes; raises ``StudyStateError`` if there are fewer."""
    left = _paper_left(link, study_id)
    if left < count:
        raise StudyStateError(
            f"{count} sheets were entered, but only {left} paper codes of study {study_id} are "
            "left; `survey codes create --paper` counts them before closing"
        )
    chosen = "SELECT digest FROM codes WHERE study_id = :id AND group_name = :group LIMIT :count"
    # Two entries at once must not use up the same codes; SQLite has one writer at a time.
    chosen += link.holding("UPDATE SKIP LOCKED")
    found = link.all(chosen, {"id": study_id, "group": PAPER, "count": count})
    if len(found) < count:
        raise StudyStateError("paper is being entered elsewhere at this moment: try again")
    for (digest,) in found:
        burn(link, study_id, bytes(digest))


def _paper_left(link: Link, study_id: str) -> int:
    query = "SELECT count(*) FROM codes WHERE study_id = :id AND group_name = :group"
    return link.number(query, {"id": study_id, "group": PAPER})


def is_live(link: Link, study_id: str, code_digest: bytes) -> bool:
    """Whether a code has been issued and not used."""
    query = "SELECT count(*) FROM codes WHERE study_id = :id AND digest = :code"
    return link.number(query, {"id": study_id, "code": code_digest}) == 1


def burn(link: Link, study_id: str, code_digest: bytes) -> bool:
    """Delete a code; true if it was live. Only one of several transactions can succeed."""
    statement = "DELETE FROM codes WHERE study_id = :id AND digest = :code"
    return link.change(statement, {"id": study_id, "code": code_digest}) == 1


def counts(home: Home, study_id: str) -> Sequence[tuple[str, int]]:
    """Reporting groups with the number of codes issued, in alphabetical order."""
    query = "SELECT name, issued FROM code_groups WHERE study_id = :id"
    with links.reading(home) as link:
        return sorted((name, issued) for name, issued in link.all(query, {"id": study_id}))


def _double(value: int) -> int:
    # Multiplication by x modulo x^5 + x^2 + 1, a primitive polynomial over two elements.
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def _check_issue(link: Link, study_id: str) -> None:
    row = link.first("SELECT state FROM studies WHERE id = :id", {"id": study_id})
    if row is None:
        raise SurveyError(f"there is no study {study_id}")
    if row[0] not in (State.DRAFT, State.OPEN):
        raise StudyStateError(f"study {study_id} is {row[0]}: it takes no more codes")


def _count_issued(link: Link, study_id: str, count: int, group: str) -> None:
    # Added by the database, so that two who issue at once are both counted.
    statement = (
        "INSERT INTO code_groups (study_id, name, issued) VALUES (:id, :group, :count) "
        "ON CONFLICT (study_id, name) DO UPDATE SET issued = code_groups.issued + :count"
    )
    link.change(statement, {"id": study_id, "group": group, "count": count})
    _check_size(group, _issued(link, study_id, group))


def _issued(link: Link, study_id: str, group: str) -> int:
    query = "SELECT issued FROM code_groups WHERE study_id = :id AND name = :group"
    row = link.first(query, {"id": study_id, "group": group})
    return int(row[0]) if row else 0


def _check_names(groups: Iterable[str]) -> None:
    if PAPER in groups:
        raise SurveyError(f"“{PAPER}” counts the paper codes and is no reporting group")


def _check_size(group: str, codes: int) -> None:
    if group and group != PAPER and codes < SMALLEST_GROUP:
        raise SurveyError(f"a reporting group needs at least {SMALLEST_GROUP} codes")
