from __future__ import annotations

import itertools
import random

import pytest
from urn_example import NOW, add, files_of, open_signed

from survey import codes
from survey.codes import ALPHABET, LENGTH, check_character, grouped, new_code, normalise
from survey.errors import CodeError, StudyStateError, SurveyError
from survey.home import CODE_KEY, Home
from survey.studies import close_study


def test_the_alphabet_has_32_characters_and_none_that_look_alike() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("IO01") & set(ALPHABET)


def test_every_single_wrong_character_is_found() -> None:
    for code in _random_codes(3):
        for place, wrong in itertools.product(range(LENGTH + 1), ALPHABET):
            if wrong != code[place]:
                assert not _passes(code[:place] + wrong + code[place + 1 :])


def test_every_swap_of_two_neighbours_is_found() -> None:
    # Every pair of characters at every pair of neighbouring places, the check character included.
    filler = random.Random(1)
    for place, (a, b) in itertools.product(range(LENGTH), itertools.permutations(ALPHABET, 2)):
        code = _code_with(place, a, b, filler)
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert _passes(code)
        assert not _passes(swapped)


def test_a_code_may_be_typed_small_and_with_blanks_and_any_hyphens() -> None:
    code = new_code()
    typed = f" {code.lower().replace('-', ' – ')}\u00a0\n"
    assert normalise(typed) == code.replace("-", "")
    assert grouped(normalise(typed)) == code


@pytest.mark.parametrize("typed", ["", "ABC", "0" * 13, "ß" * 13, "A" * 14, "'; DROP TABLE", "\0"])
def test_what_cannot_be_a_code_is_a_typing_error(typed: str) -> None:
    with pytest.raises(CodeError) as caught:
        normalise(typed)
    assert caught.value.typing


def test_issued_codes_are_all_different_and_pass_their_check(home: Home) -> None:
    add(home, "staff")
    drawn = codes.issue(home, "staff", 500)
    assert len({normalise(code) for code in drawn}) == 500
    assert codes.counts(home, "staff") == [("", 500)]


def test_no_plain_code_is_in_any_file(sqlite_home: Home) -> None:
    home = sqlite_home
    add(home, "staff")
    drawn = codes.issue(home, "staff", 50)
    found = b"".join(files_of(home.path).values())
    for code in drawn:
        assert code.encode() not in found
        assert normalise(code).encode() not in found
        assert codes.digest(home.secret(CODE_KEY), "staff", normalise(code)) in found


def test_a_code_of_one_study_is_none_of_another(home: Home) -> None:
    key = home.ensure().secret(CODE_KEY)
    code = normalise(new_code())
    assert codes.digest(key, "a", code) != codes.digest(key, "b", code)


def test_a_reporting_group_below_fifty_is_refused(home: Home) -> None:
    add(home, "staff")
    with pytest.raises(SurveyError, match="at least 50"):
        codes.issue(home, "staff", 49, "parks")
    codes.issue(home, "staff", 50, "parks")
    codes.issue(home, "staff", 5, "parks")
    assert codes.counts(home, "staff") == [("parks", 55)]


def test_a_closed_study_takes_no_more_codes(home: Home) -> None:
    add(home, "staff", demo=True)
    open_signed(home, "staff")
    close_study(home, "staff", NOW)
    with pytest.raises(StudyStateError, match="no more codes"):
        codes.issue(home, "staff", 1)


def test_codes_need_a_study_and_a_number(home: Home) -> None:
    add(home, "staff")
    with pytest.raises(SurveyError, match="no study"):
        codes.issue(home, "nobody", 1)
    with pytest.raises(SurveyError, match="at least one"):
        codes.issue(home, "staff", 0)


def _passes(code: str) -> bool:
    return check_character(code[:LENGTH]) == code[LENGTH]


def _random_codes(count: int) -> list[str]:
    drawn = random.Random(2)
    bodies = ["".join(drawn.choices(ALPHABET, k=LENGTH)) for _ in range(count)]
    return [body + check_character(body) for body in bodies]


def _code_with(place: int, a: str, b: str, filler: random.Random) -> str:
    """A valid code with ``a`` and ``b`` at two neighbouring places."""
    body = filler.choices(ALPHABET, k=LENGTH)
    body[place] = a
    if place + 1 < LENGTH:
        body[place + 1] = b
        return "".join(body) + check_character("".join(body))
    # The check character must become b: some first character makes it so.
    found = next(c for c in ALPHABET if check_character("".join([c, *body[1:]])) == b)
    return "".join([found, *body[1:], b])
