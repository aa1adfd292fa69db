"""Failure pages that say what happened and what to do, in each language of the interface."""

from __future__ import annotations

from survey.screens import draw_notice
from survey.theme import Theme
from survey.translation import later

DAMAGED = "damaged"
"""A page state that cannot be read; other notices are named by their HTTP status."""

_PREFIX = "notice:"

_NOTICES = {
    "403": (
        later("Diese Eingabe kam nicht von unserer Seite"),
        later(
            "Zu Ihrem Schutz nehmen wir nur an, was auf unseren eigenen Seiten eingegeben wurde."
        ),
        later("Bitte öffnen Sie die Umfrage neu und geben Sie Ihre Antworten dort ein."),
    ),
    "404": (
        later("Diese Seite gibt es nicht"),
        later("Bitte prüfen Sie die Adresse. Sie steht auf Ihrer Karte oder in der Einladung."),
    ),
    "413": (
        later("Das ist zu viel auf einmal"),
        later(
            "Gehen Sie bitte im Browser eine Seite zurück und kürzen Sie Ihren Text. "
            "Ihre übrigen Antworten bleiben erhalten."
        ),
    ),
    DAMAGED: (
        later("Diese Seite lässt sich nicht fortsetzen"),
        later("Sie ist beschädigt angekommen, oder die Umfrage wurde inzwischen geändert."),
        later("Es wurde nichts gespeichert. Bitte beginnen Sie auf der Startseite neu."),
    ),
}
_OTHERWISE = (
    later("Das hat nicht geklappt"),
    later("Ihr Browser hat etwas geschickt, das wir nicht verstehen. Bitte beginnen Sie neu."),
)


def notice(theme: Theme, kind: str, language: str, *, path: str = "/", sent: bool = False) -> str:
    """A notice as a page; ``sent`` says that a form led here, not an address.

    Where a form led here, another language is asked for with a form that names this notice.
    """
    title, *texts = _NOTICES.get(kind, _OTHERWISE)
    screen = _PREFIX + kind if sent else ""
    return draw_notice(
        theme, title, *texts, path=path, language=language, screen=screen, switch=True
    )


def status_of(kind: str) -> int:
    """The HTTP status that goes with a notice."""
    return int(kind) if kind.isdecimal() else 400


def named(screen: str) -> str:
    """The notice that a form names; empty if it names none.

    >>> named("notice:413"), named("notice:x"), named("thanks")
    ('413', '', '')
    """
    kind = screen.removeprefix(_PREFIX)
    return kind if kind != screen and kind in _NOTICES else ""
