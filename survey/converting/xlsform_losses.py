"""What an XLSForm cannot say of a questionnaire of ours, in plain words."""

from __future__ import annotations

from dataclasses import dataclass, field

SENTENCES: dict[str, tuple[str, str]] = {
    "study": (
        "Angaben zur Studie stehen nicht im XLSForm: {names}.",
        "What is said of the study is not in the XLSForm: {names}.",
    ),
    "left_out": (
        "Fragen vom Typ {kind} gibt es dort nicht; die Frage fehlt.",
        "There is no question of the type {kind}; it is left out.",
    ),
    "grid": (
        "Die Tabelle wird zu {count} einzelnen Fragen, eine je Zeile.",
        "The grid becomes {count} single questions, one per row.",
    ),
    "depth": (
        "Dort ist die ganze Liste zu reihen, nicht nur die ersten {depth}.",
        "The whole list has to be ranked there, not only the first {depth}.",
    ),
    "reasons": (
        "Gründe statt einer Antwort gibt es in Reihungen dort nicht: {names}.",
        "There are no reasons instead of an answer in rankings: {names}.",
    ),
    "typed_reasons": (
        "Gründe statt einer Zahl oder eines Tages gibt es dort nicht: {names}.",
        "There are no reasons instead of a number or a day: {names}.",
    ),
    "reason_kind": (
        "Gründe statt einer Antwort zählen dort als Antworten: {names}.",
        "Reasons instead of an answer count as answers there: {names}.",
    ),
    "other": (
        "Eigene Worte stehen dort in einer Frage für sich: {name}.",
        "Words of one's own are a question of their own there: {name}.",
    ),
    "keys": (
        "Nicht übernommen: {names}.",
        "Not carried over: {names}.",
    ),
    "option_keys": (
        "Bei Antworten nicht übernommen: {names}.",
        "Not carried over for options: {names}.",
    ),
    "intro": (
        "Die Einleitung der Seite wird ein Text für sich: {name}.",
        "The introduction of the page becomes a text of its own: {name}.",
    ),
    "page_keys": (
        "Für die Seite nicht übernommen: {names}.",
        "Not carried over for the page: {names}.",
    ),
    "piping": (
        "Statt der Worte früherer Antworten erscheint dort der Code: {names}.",
        "Instead of the words of earlier answers their code appears there: {names}.",
    ),
    "rule": (
        "Die Bedingung lässt sich dort nicht ausdrücken, alle sehen die Frage.",
        "The condition cannot be expressed there, everybody sees the question.",
    ),
    "marks": (
        "Zeichen im Text können dort als Auszeichnung gelten und verschwinden (<…>, *, _, #).",
        "Signs in the text may be taken for formatting there and vanish (<…>, *, _, #).",
    ),
    "braces": (
        "„${{“ im Text hätte dort eine andere Bedeutung; es steht ein Leerzeichen dazwischen.",
        "“${{” in a text would mean something else there; a blank stands in between.",
    ),
}


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that is lost or changed; ``name`` is the item's or page's, empty for the study."""

    name: str
    code: str
    values: tuple[tuple[str, str], ...] = ()

    def sentence(self, language: str) -> str:
        """The loss in German or English."""
        text = SENTENCES[self.code][language != "de"].format(**dict(self.values))
        return f"{self.name}: {text}" if self.name else text


@dataclass
class Losses:
    """Collects losses, each once."""

    found: dict[Loss, None] = field(default_factory=dict)

    def add(self, name: str, code: str, /, **values: object) -> None:
        """Note one."""
        self.found[Loss(name, code, tuple((k, str(v)) for k, v in values.items()))] = None
