"""Every error that is raised on purpose.

::

    ReportError
    ├── DisclosureError   something uncontrolled tried to pass the gate
    ├── EstimateError     a statistic that the data or the regime do not carry
    └── DossierError      a dossier that cannot be built or would say too much
"""

from __future__ import annotations

from survey.errors import SurveyError


class ReportError(SurveyError):
    """An error that the person in front of the program can mend."""


class DisclosureError(ReportError):
    """Something uncontrolled tried to pass the gate."""


class EstimateError(ReportError):
    """A statistic that the data or the regime do not carry."""


class DossierError(ReportError):
    """A dossier that cannot be built, or that would say more than the data carry."""
