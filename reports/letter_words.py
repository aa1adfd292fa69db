"""The words of the result letter in each of its languages; a field that is missing is an error.

``{…}`` are holes. Numbers come printed, labels come from the codebook of the language.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWords:
    """Everything that a letter says in one language."""

    html: str
    subtitle: str
    glance: str
    thanks: str
    people_of: str
    ballots: str
    who: str
    results: str
    ahead_top: str
    ahead_first: str
    level_census: str
    level_open: str
    weighting: str
    unknown: str
    erased: str
    nothing: str
    agree: str
    limits_title: str
    limits_census: tuple[str, ...]
    limits_open: tuple[str, ...]
    next_title: str
    protection_title: str
    protection: tuple[str, ...]
    contact_title: str
    report: str
    picture: str
    picture_title: str
    bars: str
    line: str
    weighted: str
    silent: str
    base: str
    base_of: str
    asked: str
    conjunction: str
    disjunction: str
    page: str
    of: str
    edition: str
    simulated: str
    source: str
    reasons: tuple[tuple[str, str], ...]
    quotes: tuple[str, str] = ("„", "“")
    percent: str = "\u00a0%"


GERMAN = LetterWords(
    html="de",
    subtitle="Ergebnisse für alle, die mitgemacht haben",
    glance="Das Wichtigste",
    thanks="Vielen Dank, dass Sie mitgemacht haben. Hier lesen Sie, was herausgekommen ist.",
    people_of="{n} von {N} Befragten haben geantwortet. Das sind {rate}.",
    ballots="Wir haben {n} Antwortbögen erhalten. Wer mitmachen wollte, konnte mitmachen.",
    who="Wer hat mitgemacht?",
    results="Was ist herausgekommen?",
    ahead_top="{title}: Am häufigsten genannt wird {label} ({share}).",
    ahead_first="{title}: Am häufigsten gewählt wird {label} ({share}).",
    level_census="{title}: Es gibt an der Spitze keinen klaren Unterschied zwischen {labels}.",
    level_open="{title}: Unter den Teilnehmenden gibt es an der Spitze keinen klaren Unterschied "
    "zwischen {labels}.",
    weighting="{title}: Was vorn liegt, hängt von der Gewichtung ab, also davon, wie stark jede "
    "Gruppe zählt. Infrage kommen {labels}.",
    unknown="{title}: Eine Reihenfolge lässt sich nicht sicher nennen.",
    erased="{n} weitere Antworten für den zweiten Platz würden diesen Vorsprung aufheben.",
    nothing="{share} wählen {label}.",
    agree="{title}: {high} sagen {top}, {low} sagen {bottom}.",
    limits_title="Was die Umfrage nicht sagt",
    limits_census=(
        "Wie die Menschen denken, die nicht geantwortet haben, wissen wir nicht.",
        "Die Umfrage zeigt Meinungen. Sie misst nicht, wie gut die Arbeit ist.",
        "Sie ist keine Abstimmung. Entscheiden muss der Rat.",
    ),
    limits_open=(
        "Die Ergebnisse gelten nur für die Menschen, die mitgemacht haben.",
        "Wie viele Menschen das sind, ist nicht sicher: Jemand kann mehrmals teilnehmen.",
        "Die Umfrage ist keine Abstimmung. Entscheiden muss der Rat.",
    ),
    next_title="Wie geht es weiter?",
    protection_title="So sind Ihre Antworten geschützt",
    protection=(
        "Zahlen über Gruppen zeigen wir erst ab zehn Antworten.",
        "Niemand kann aus diesem Brief sehen, wer was geantwortet hat.",
    ),
    contact_title="Fragen?",
    report="Der ausführliche Bericht für den Rat enthält alle Fragen und alle Antworten.",
    picture="Alle Antworten auf die Frage: {question}",
    picture_title="Die Ergebnisse im Bild",
    bars="Anteil an den gültigen Antworten",
    line="Die Linie zeigt, wie genau die Zahl ist.",
    weighted="Gewichtet: Jede Gruppe zählt so viel, wie ihr Menschen angehören. Bekannt ist die "
    "Gruppe bei {n} Antworten.",
    silent="Anteil an allen Antwortbögen",
    base="{n} gültige Antworten",
    base_of="{n} gültige Antworten von {N} Befragten",
    asked="Frage: {text}",
    conjunction="und",
    disjunction="oder",
    page="Seite",
    of="von",
    edition="öffentlich",
    simulated="Simulierte Daten – keine echten Antworten",
    source="{study} · Fragebogen {version} · Daten {data} · Meinungsbild {program}",
    reasons=(
        ("weiß nicht", "weiß nicht"),
        ("keine Angabe", "keine Angabe"),
        ("ohne Antwort", "ohne Antwort"),
    ),
)

PLAIN = LetterWords(
    html="de",
    subtitle="Ergebnisse in einfachen Worten",
    glance="Das Wichtigste",
    thanks="Vielen Dank! Sie haben bei der Umfrage mitgemacht. Das ist herausgekommen.",
    people_of="Wir haben {N} Menschen gefragt. {n} Menschen haben geantwortet. Das sind {rate}.",
    ballots="Wir haben {n} Antworten bekommen. Alle durften mitmachen.",
    who="Wer hat mitgemacht?",
    results="Was ist herausgekommen?",
    ahead_top="{title}: Am meisten genannt ist {label}. Das sind {share}.",
    ahead_first="{title}: Am meisten gewählt ist {label}. Das sind {share}.",
    level_census="{title}: Hier gibt es keinen klaren Unterschied. Vorn sind {labels}.",
    level_open="{title}: Hier gibt es keinen klaren Unterschied. Vorn sind {labels}.",
    weighting="{title}: Was vorn ist, ist nicht sicher. Es kommt darauf an, wie wir die Gruppen "
    "zählen. Vorn sein können {labels}.",
    unknown="{title}: Was vorn ist, wissen wir nicht sicher.",
    erased="Mit {n} Antworten mehr für den zweiten Platz wäre es anders.",
    nothing="{share} sagen: {label}.",
    agree="{title}: {high} sagen {top}. {low} sagen {bottom}.",
    limits_title="Das wissen wir nicht",
    limits_census=(
        "Manche haben nicht geantwortet. Ihre Meinung kennen wir nicht.",
        "Die Umfrage zeigt Meinungen. Sie zeigt nicht, wie gut die Arbeit ist.",
        "Die Umfrage ist keine Wahl. Der Rat entscheidet.",
    ),
    limits_open=(
        "Manche haben nicht mitgemacht. Ihre Meinung kennen wir nicht.",
        "Vielleicht hat jemand mehrmals mitgemacht. Das können wir nicht sehen.",
        "Die Umfrage ist keine Wahl. Der Rat entscheidet.",
    ),
    next_title="So geht es weiter",
    protection_title="So schützen wir Ihre Antworten",
    protection=(
        "Kleine Gruppen zeigen wir nicht. Eine Gruppe hat mindestens zehn Antworten.",
        "Dieser Brief verrät nicht, was Sie geantwortet haben.",
    ),
    contact_title="Haben Sie Fragen?",
    report="Es gibt auch einen langen Bericht. Darin stehen alle Antworten.",
    picture="Das haben die Menschen geantwortet. Die Frage war: {question}",
    picture_title="Die Ergebnisse im Bild",
    bars="So viele haben das geantwortet",
    line="Die Linie zeigt: So genau ist die Zahl.",
    weighted="Große Gruppen zählen mehr. Kleine Gruppen zählen weniger. Bei {n} Antworten kennen "
    "wir die Gruppe.",
    silent="So viele haben nichts dazu gesagt",
    base="{n} Antworten",
    base_of="{n} Antworten. Gefragt waren {N} Menschen",
    asked="Frage: {text}",
    conjunction="und",
    disjunction="oder",
    page="Seite",
    of="von",
    edition="öffentlich",
    simulated="Das ist nur ein Test – keine echten Antworten",
    source="{study} · Fragebogen {version} · Daten {data} · Meinungsbild {program}",
    reasons=(
        ("weiß nicht", "weiß nicht"),
        ("keine Angabe", "möchte das nicht sagen"),
        ("ohne Antwort", "ohne Antwort"),
    ),
)

ENGLISH = LetterWords(
    html="en",
    subtitle="Results for everybody who took part",
    glance="At a glance",
    thanks="Thank you for taking part. This letter tells you the results.",
    people_of="{n} of the {N} people asked took part. That is {rate}.",
    ballots="We received {n} ballots. Whoever wanted to take part could do so.",
    who="Who took part?",
    results="What are the results?",
    ahead_top="{title}: {label} is named most often ({share}).",
    ahead_first="{title}: {label} is chosen most often ({share}).",
    level_census="{title}: There is no clear difference at the top between {labels}.",
    level_open="{title}: Among those who took part there is no clear difference at the top between "
    "{labels}.",
    weighting="{title}: What comes first depends on the weighting, that is on how much each group "
    "counts. Candidates for the first place are {labels}.",
    unknown="{title}: No order can be named with certainty.",
    erased="{n} further ballots for the second place would erase this lead.",
    nothing="{share} choose {label}.",
    agree="{title}: {high} say {top}, {low} say {bottom}.",
    limits_title="What the survey does not say",
    limits_census=(
        "We do not know what those think who did not answer.",
        "The survey shows opinions. It does not measure how good the work is.",
        "It is not a vote. The council has to decide.",
    ),
    limits_open=(
        "The results hold only for those who took part.",
        "How many people they are is not certain: somebody can take part more than once.",
        "The survey is not a vote. The council has to decide.",
    ),
    next_title="What happens next?",
    protection_title="How your answers are protected",
    protection=(
        "We only show numbers for groups of at least ten answers.",
        "Nobody can tell from this letter who gave which answer.",
    ),
    contact_title="Questions?",
    report="The full report to the council contains all questions and all answers (in German).",
    picture="All answers to the question: {question}",
    picture_title="The results as a picture",
    bars="Share of the valid answers",
    line="The line shows how precise the number is.",
    weighted="Weighted: each group counts as much as it has people. The group is known for {n} "
    "answers.",
    silent="Share of all ballots",
    base="{n} valid answers",
    base_of="{n} valid answers of {N} people asked",
    asked="Question: {text}",
    conjunction="and",
    disjunction="or",
    page="Page",
    of="of",
    edition="public",
    simulated="Simulated data – no real answers",
    source="{study} · questionnaire {version} · data {data} · Meinungsbild {program}",
    reasons=(
        ("weiß nicht", "don't know"),
        ("keine Angabe", "not stated"),
        ("ohne Antwort", "no answer"),
    ),
    quotes=("“", "”"),
    percent="%",
)

LETTERS: dict[str, LetterWords] = {"de": GERMAN, "de-leicht": PLAIN, "en": ENGLISH}
"""The languages of the letter."""
