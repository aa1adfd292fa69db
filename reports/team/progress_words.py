"""How far a job is, in a sentence: the same on its page and in its stream."""

from __future__ import annotations

from dataclasses import dataclass

from reports.jobs import CODES, QUEUED, Job
from reports.team.words import _


@dataclass(frozen=True, slots=True)
class ProgressWords:
    """Sentences in the language of a request, for a stream that outlives it."""

    waits: str
    begins: str
    step: str

    def said(self, job: Job) -> str:
        """Where a job stands.

        >>> words = ProgressWords("waits", "begins", "%(done)s of %(total)s")
        >>> words.said(Job("", "staff", (), at=1, total=4, state="running"))
        '1 of 4'
        >>> words.said(Job("", "staff", ())), words.said(Job("", "staff", (), state="running"))
        ('waits', 'begins')
        """
        if job.state == QUEUED:
            return self.waits
        return self.step % {"done": job.at, "total": job.total} if job.total else self.begins


def progress_words(task: str) -> ProgressWords:
    """The sentences of jobs with a task."""
    step = (
        _("%(done)s von %(total)s gedruckt")
        if task == CODES
        else _("Schritt %(done)s von %(total)s")
    )
    return ProgressWords(_("Der Auftrag wartet."), _("Der Auftrag hat begonnen."), step)


def progress_said(job: Job) -> str:
    """Where a job stands, in the language of the page."""
    return progress_words(job.task).said(job)
