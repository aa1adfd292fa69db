"""Every error that is raised on purpose.

::

    SurveyError
    ├── QuestionnaireError   mistakes of an author, all at once, each with its place
    ├── AnswerError          an answer that the instrument does not know
    ├── CodeError            an access code that is mistyped, unknown or used
    ├── PageStateError       a hidden field that this study has not sealed
    ├── BallotError          a ballot that cannot be accepted, with the reason counted
    ├── StudyStateError      an act that the study's state does not allow
    ├── DataError            foreign data that cannot be read, all mistakes at once
    ├── ConversionError      a foreign questionnaire that cannot be converted
    └── SetupError           settings, secrets or files of an installation
    DatabaseError            what the driver of the urn says

A :class:`SurveyError` reaches the person who can mend it as a plain sentence and
exit status 1; everything else is a defect and shows a traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SurveyError(Exception):
    """An error that the person in front of the program can mend."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake with its place; line and column count from 1, 0 means the whole file."""

    file: str
    line: int
    column: int
    code: str
    message: str
    severity: str = "error"
    source: str = ""

    def __str__(self) -> str:
        place = ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])
        return f"{place}: {self.message}"


class ProblemsError(SurveyError):
    """Several mistakes found in one run."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class QuestionnaireError(ProblemsError):
    """Mistakes in a questionnaire file."""


class DataError(ProblemsError):
    """Mistakes in a data file that was to be imported; nothing was imported."""


class ConversionError(SurveyError):
    """A foreign questionnaire that cannot be converted; nothing was written."""


class AnswerError(SurveyError):
    """An answer that the instrument does not allow."""


class CodeError(SurveyError):
    """An access code that cannot be used; ``typing`` is true for a failed check character."""

    def __init__(self, message: str, *, typing: bool = False) -> None:
        self.typing = typing
        super().__init__(message)


class PageStateError(SurveyError):
    """A page state that is damaged, foreign or of another instrument version."""


class BallotError(SurveyError):
    """A ballot that the opening rejects; ``reason`` is a short word that is counted."""

    def __init__(self, reason: str, message: str = "") -> None:
        self.reason = reason
        super().__init__(message or reason)


class StudyStateError(SurveyError):
    """The study is not in the state that the act needs."""


class SetupError(SurveyError):
    """The installation lacks something or is set up wrongly."""


class MissingProgramError(SetupError):
    """A program of the system is missing; the message names the package that brings it."""


class DatabaseError(Exception):
    """The database has refused something or is away; nobody in front of the program can mend it.

    ``orig`` is the driver's own error. Its words may quote values, so they are no part of this one.
    ``is_lost`` says whether the connection has ended without our doing.
    """

    def __init__(self, orig: Exception, *, is_lost: bool = False) -> None:
        self.orig = orig
        self.is_lost = is_lost
        super().__init__(type(orig).__name__)

    @property
    def sqlstate(self) -> str:
        """The server's code for what went wrong; empty where the driver knows none."""
        return str(getattr(self.orig, "sqlstate", None) or "")
