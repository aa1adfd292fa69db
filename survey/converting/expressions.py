"""Conditions of other tools: read into a tree if they are simple comparisons, refused if not.

Nothing is evaluated. Two notations are known: the expressions of LimeSurvey
(``Q1.NAOK == "A1" and !is_empty(Q2)``) and those of XLSForm (``selected(${q1}, 'a')``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST = 4_000
"""Characters above which a condition is no simple comparison."""

DEEPEST = 40
"""Brackets and negations above which a condition is no simple comparison."""


class NotSimpleError(Exception):
    """A condition that is more than comparisons joined by and, or, not."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A question's answer compared with a constant by ``==``, ``<``, ``<=``, ``>`` or ``>=``."""

    name: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whether an option is among the chosen ones."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The number of chosen options compared with a constant."""

    name: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Answered:
    """Whether there is any answer."""

    name: str


@dataclass(frozen=True, slots=True)
class Always:
    """A constant: always or never."""

    value: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    inner: Condition


@dataclass(frozen=True, slots=True)
class Joined:
    """Several conditions, all or any of which hold."""

    word: str
    parts: tuple[Condition, ...]


Condition = Compared | Chosen | Counted | Answered | Always | Not | Joined


def names(condition: Condition) -> Iterator[str]:
    """The questions that a condition asks."""
    if isinstance(condition, Not):
        yield from names(condition.inner)
    elif isinstance(condition, Joined):
        for part in condition.parts:
            yield from names(part)
    elif not isinstance(condition, Always):
        yield condition.name


def joined(word: str, parts: tuple[Condition, ...]) -> Condition:
    """Parts joined by ``all`` or ``any``, without constants and without nesting the same word.

    >>> joined("all", (Always(True), Answered("q")))
    Answered(name='q')
    """
    decisive = word == "any"
    flat: list[Condition] = []
    for part in parts:
        if isinstance(part, Always):
            if part.value is decisive:
                return part
            continue
        flat += part.parts if isinstance(part, Joined) and part.word == word else (part,)
    flat = list(dict.fromkeys(flat))
    if not flat:
        return Always(not decisive)
    return flat[0] if len(flat) == 1 else Joined(word, tuple(flat))


def negated(condition: Condition) -> Condition:
    """The opposite of a condition."""
    if isinstance(condition, Always):
        return Always(not condition.value)
    return condition.inner if isinstance(condition, Not) else Not(condition)


def limesurvey_condition(text: str) -> Condition:
    """The tree of a relevance equation; raises ``NotSimpleError``.

    >>> limesurvey_condition('((Q1.NAOK == "A1"))')
    Compared(name='Q1', operator='==', value='A1')
    """
    return _Parser(_tokens(text, _LIMESURVEY), limesurvey=True).whole()


def xlsform_condition(text: str) -> Condition:
    """The tree of a ``relevant`` cell; raises ``NotSimpleError``.

    >>> xlsform_condition("selected(${q}, 'a')")
    Chosen(name='q', value='a')
    """
    return _Parser(_tokens(text, _XLSFORM), limesurvey=False).whole()


_SHARED = r"""(?P<string>"[^"]*"|'[^']*')|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))"""
_SIGNS = r"|(?P<bracket>[()])|(?P<comma>,)"
_LIMESURVEY = re.compile(
    _SHARED
    + r"|(?P<word>[A-Za-z_][\w.:\-]*|\d+[A-Za-z_][\w.]*)"
    + r"|(?P<sign>===?|!==?|<=|>=|<|>|&&|\|\||!)"
    + _SIGNS
)
_XLSFORM = re.compile(
    _SHARED
    + r"|\$\{\s*(?P<name>[^}\s]{1,200})\s*\}"
    + r"|(?P<word>[A-Za-z_][\w\-]*)"
    + r"|(?P<sign>!=|<=|>=|=|<|>)"
    + _SIGNS
)
_WORD_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_SIGN_WORDS = {"&&": "and", "||": "or", "!": "not"}
_EQUAL = {"=": "==", "===": "==", "!==": "!="}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SUFFIXES = re.compile(r"\.(NAOK|code|value|valueNAOK|shown|question)$")

Token = tuple[str, str]


def _tokens(text: str, pattern: re.Pattern[str]) -> list[Token]:
    if len(text) > LONGEST:
        raise NotSimpleError
    # Word processors turn quotation marks; the tools themselves read them as plain ones.
    text = text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"})
    found: list[Token] = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        match = pattern.match(text, place)
        if match is None or match.lastgroup is None:
            raise NotSimpleError
        found.append(_token(match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


def _token(kind: str, text: str) -> Token:
    if kind == "string":
        return kind, text[1:-1].strip()
    if kind == "word" and text.lower() in _WORD_SIGNS:
        return "sign", _WORD_SIGNS[text.lower()]
    if kind == "sign" and text in _SIGN_WORDS:
        return "word", _SIGN_WORDS[text]
    return kind, _EQUAL.get(text, text) if kind == "sign" else text


@dataclass
class _Parser:
    tokens: list[Token]
    limesurvey: bool
    place: int = 0
    depth: int = 0

    def whole(self) -> Condition:
        if not self.tokens:
            return Always(True)
        condition = self._any()
        if self.place < len(self.tokens):
            raise NotSimpleError
        return condition

    def _next(self) -> Token:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")

    def _take(self, kind: str, text: str = "") -> str:
        found, value = self._next()
        if found != kind or (text and value.lower() != text):
            raise NotSimpleError
        self.place += 1
        return value

    def _is(self, kind: str, text: str) -> bool:
        found, value = self._next()
        return found == kind and value.lower() == text

    def _any(self) -> Condition:
        return self._series("or", "any")

    def _series(self, sign: str, word: str) -> Condition:
        part = self._not if sign == "and" else lambda: self._series("and", "all")
        parts = [part()]
        while self._is("word", sign):
            self.place += 1
            parts.append(part())
        return joined(word, tuple(parts))

    def _not(self) -> Condition:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotSimpleError
        if self._is("word", "not") and self.limesurvey:
            self.place += 1
            condition = negated(self._not())
        elif self._is("bracket", "("):
            self.place += 1
            condition = self._any()
            self._take("bracket", ")")
        else:
            condition = self._leaf()
        self.depth -= 1
        return condition

    def _leaf(self) -> Condition:
        called = self._call()
        if called is not None:
            return called
        left = self._operand()
        if self._next()[0] != "sign":
            return self._alone(left)
        sign = self._take("sign")
        return _comparison(left, sign, self._operand())

    def _call(self) -> Condition | None:
        """A known function at this place; None if no function is called here."""
        after = self.tokens[self.place + 1] if self.place + 1 < len(self.tokens) else ("end", "")
        if self._next()[0] != "word" or after != ("bracket", "("):
            return None
        function = self._take("word").lower()
        self._take("bracket", "(")
        condition: Condition
        if self.limesurvey and function in ("is_empty", "empty"):
            condition = Not(Answered(self._name()))
        elif not self.limesurvey and function == "not":
            condition = negated(self._any())
        elif not self.limesurvey and function in ("true", "false"):
            condition = Always(function == "true")
        elif not self.limesurvey and function == "selected":
            name = self._name()
            self._take("comma")
            condition = Chosen(name, self._constant())
        elif not self.limesurvey and function == "count-selected":
            name = self._name()
            self._take("bracket", ")")
            sign = self._take("sign")
            return _count(name, sign, self._constant())
        elif not self.limesurvey and function == "string-length":
            name = self._name()
            self._take("bracket", ")")
            if (self._take("sign"), self._constant()) != (">", "0"):
                raise NotSimpleError
            return Answered(name)
        else:
            raise NotSimpleError
        self._take("bracket", ")")
        return condition

    def _name(self) -> str:
        kind, value = self._operand()
        if kind != "name":
            raise NotSimpleError
        return value

    def _constant(self) -> str:
        kind, value = self._operand()
        if kind != "constant":
            raise NotSimpleError
        return value

    def _operand(self) -> Token:
        kind, value = self._next()
        self.place += 1
        if kind in ("string", "number"):
            return "constant", value
        if kind == "name":
            return "name", value
        if kind == "word" and self.limesurvey and value.lower() not in ("and", "or", "not"):
            return "name", _SUFFIXES.sub("", value)
        raise NotSimpleError

    def _alone(self, operand: Token) -> Condition:
        """An operand without a comparison: only the constants 0 and 1 say something plain."""
        kind, value = operand
        if kind == "constant" and value in ("0", "1"):
            return Always(value == "1")
        raise NotSimpleError


def _comparison(left: Token, sign: str, right: Token) -> Condition:
    if left[0] == right[0]:
        raise NotSimpleError
    if left[0] == "constant":
        left, right, sign = right, left, _MIRRORED.get(sign, sign)
    name, value = left[1], right[1]
    if value == "":
        if sign not in ("==", "!="):
            raise NotSimpleError
        return Answered(name) if sign == "!=" else Not(Answered(name))
    # Elsewhere "is not" also holds for a question without an answer; so it does here.
    return Not(Compared(name, "==", value)) if sign == "!=" else Compared(name, sign, value)


def _count(name: str, sign: str, value: str) -> Condition:
    if not value.isdecimal():
        raise NotSimpleError
    number = int(value)
    at_least: Mapping[str, int] = {">=": number, ">": number + 1}
    at_most: Mapping[str, int] = {"<=": number, "<": number - 1}
    if sign in at_least:
        return Counted(name, ">=", str(at_least[sign]))
    if sign in at_most:
        # Without an answer nothing is chosen, which is "at most" any number.
        return Not(Counted(name, ">=", str(at_most[sign] + 1)))
    exact = Joined("all", (Counted(name, ">=", value), Not(Counted(name, ">=", str(number + 1)))))
    return exact if sign == "==" else Not(exact)
