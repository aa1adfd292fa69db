"""What the reference says around its tables: an introduction and an example for every part."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the file: the name of its type, a sentence or two, and an example."""

    title: str
    model: str
    about: str
    example: str


OPENING = """\
# The questionnaire language

A questionnaire is one text file in YAML. Pages, paper, codebook and dossier follow from it; there
is nothing to program. This page is written from the types that read the file
(`survey schema --markdown`), and every example on it is read by a test.

* `survey check FILE` finds every mistake at once, with line and column, and says what to do.
  `--lang en` speaks English, `--format json` other programs (keys `code`, `severity`, `file`,
  `line`, `column`, `message`).
* [questionnaire.schema.json](questionnaire.schema.json) makes editors complete keys. For VS Code
  and others with the YAML language server, put this into the first line of the file, with the way
  to the schema: `# yaml-language-server: $schema=../../docs/questionnaire.schema.json`
* Ids and codes stay for ever; texts may change. Whoever evaluates sees ids and codes.
* A text with a colon, or one that begins with a special character, needs quotation marks.
* Words such as `yes`, `no` and dates are texts here, not values; only `true` and `false` are.
"""

PARTS = (
    Part(
        "The file",
        "FileSection",
        "The keys at the left margin.\n",
        """\
schema: 1
version: "1"
study:
  id: canteen
  title: Was soll die Kantine zuerst ändern?
  regime: open_participation
  access: open
  population: Alle, die in der Kantine essen
  closes: 2027-05-21T18:00:00+02:00
pages:
  - id: wishes
    title: Ihre Wünsche
    items:
      - id: words
        type: text
        text: Was wünschen Sie sich?
""",
    ),
    Part(
        "`study`",
        "StudySection",
        """\
Who is asked, under which regime, when, and with which promises. `regime` decides which numbers can
be printed: `census_attempt` asks everybody (with codes and headcounts), `open_participation` asks
whoever wants to answer, `self_selected_reading` collects remarks on texts.

`welcome` may hold `voluntary`, `who_asks`, `evaluation`, `stored`, `not_stored`, `no_deletion` and
`publication`; `rules` may raise `min_base` (10), `min_chapter` (20) and `min_texts` (30).
""",
        """\
study:
  id: canteen
  title: Was soll die Kantine zuerst ändern?
  regime: open_participation
  access: open
  population: Alle, die in der Kantine essen
  opens: 2027-04-19T08:00:00+02:00
  closes: 2027-05-21T18:00:00+02:00
  contact: Projektteam, Telefon 0000 12345
  purpose: Wir möchten wissen, was zuerst zählt.
  retention: Die Antworten werden nach zwei Jahren gelöscht.
  minutes: 4
  welcome:
    voluntary: Die Teilnahme ist freiwillig.
    not_stored: Name, Gerät und Uhrzeit
  rules: {min_base: 15}
""",
    ),
    Part(
        "`study: headcounts` and `study: composition`",
        "HeadcountsSection",
        """\
A comma-separated file beside the questionnaire. Its first line names one or two single choices and
`headcount`; every combination of codes needs one line. `composition` has the same keys and is
context only.
""",
        """\
study:
  regime: census_attempt
  access: codes
  headcounts:
    file: heads.csv
    date: 2026-10-01
    source: Stellenübersicht
    total: 2200
""",
    ),
    Part(
        "`study: weights`",
        "WeightsSection",
        """\
How the headcounts make weights. Without it every cell of the headcounts (department by workplace)
counts as much as it has people, and cells with few answers are joined. `raking` fits the margins
only, in turn, until each agrees with its headcounts; where it does not come to rest, results stay
unweighted and say so. Groups are compared with the rest by cells, whatever the method.
""",
        """\
study:
  regime: census_attempt
  access: codes
  headcounts: {file: heads.csv}
  weights:
    method: raking
    margins: [unit]
    most: 5
""",
    ),
    Part(
        "`study: phases`",
        "PhaseSection",
        "Steps of the whole process, for the start page and the dossier.\n",
        """\
study:
  phases:
    - {title: Workshops, start: 2026-04-20, end: 2026-09-18, state: abgeschlossen}
    - {title: Umfrage, start: 2027-04-19, end: 2027-05-21, state: läuft}
""",
    ),
    Part(
        "`study: evaluations`",
        "EvaluationSection",
        """\
What will be evaluated, for everybody or by groups; at most two attributes crossed. Groups come from
single choices with the role `department`, `workplace`, `district` or `demographic`. With headcounts
and `expected_rate`, `survey check` says how many groups will probably stay below ten answers.
""",
        """\
study:
  evaluations:
    - {role: ranking}
    - {items: [contact], by: [unit]}
""",
    ),
    Part(
        "`scales`",
        "ScaleSection",
        """\
A named scale for `rating`, `grid` and `passage`. Every step has words; a way to say “don't know” is
expected. With `scored: true` the steps count 1, 2, 3 … for means, unless an option has a `score`.
""",
        """\
scales:
  success:
    scored: true
    steps:
      - {code: 1, label: gar nicht gut}
      - {code: 2, label: mittelmäßig}
      - {code: 3, label: sehr gut}
      - {code: dont_know, label: weiß nicht, missing: dont_know}
""",
    ),
    Part(
        "`lists` and options",
        "Option",
        "One entry of a list, of a scale (`steps`) or of an item (`options`, `more`, `rows`).\n",
        """\
lists:
  fields:
    - {code: service, label: Service, help: Termine und Telefon}
    - {code: digital, label: Digitale Verfahren}
    - {code: other, label: Etwas anderes, last: true}
""",
    ),
    Part(
        "`texts`",
        "TextSection",
        "Texts of a reading study; each is sent on its own, and pages name theirs with `text`.\n",
        """\
texts:
  - {id: t1, title: Leitbild, minutes: 5, version: Mai 2027}
pages:
  - id: t1_first
    title: Leitbild
    text: t1
    items:
      - id: t1_p1
        type: passage
        passage: Die Stadt ist für alle da.
        text: Wie stehen Sie zu diesem Abschnitt?
        options:
          - {code: keep, label: so lassen}
          - {code: change, label: ändern}
""",
    ),
    Part(
        "`pages`",
        "PageSection",
        """\
One screen each, in this order. Where the order itself could steer answers, let it change: a page
with `shuffle` shows its items, and pages with the same `block` change places with the other blocks
of their group under `blocks`. Either is drawn per person from at most eight balanced orders, which
are counted apart from the answers (docs/DATASET.md). Items with `keep` stay at their end, and so
does an information item before or behind all questions. The pages of a block follow each other in
their own order; a rule never asks about another block of the same group, because that may come
later. Paper prints the order written here, `survey preview` shows every order.
""",
        """\
pages:
  - id: first
    title: Ihr Besuch
    items:
      - id: contact
        type: single
        text: Waren Sie in diesem Jahr bei uns?
        options:
          - {code: yes, label: ja}
          - {code: no, label: nein}
  - id: second
    title: Ihre Erfahrung
    intro: Nun zu Ihrem letzten Besuch.
    when: {answer: contact, is: yes}
    items:
      - id: experience
        type: text
        text: Wie war es?
  - id: desks
    title: Am Schreibtisch
    block: desk
    shuffle: true
    items:
      - {id: about, type: info, text: Es geht um Ihren eigenen Platz.}
      - {id: light, type: rating, text: Wie gut gelingt das Licht?, scale: success}
      - {id: air, type: rating, text: Wie gut gelingt die Luft?, scale: success}
      - {id: rest, type: rating, text: Wie gut gelingt alles Übrige?, scale: success, keep: last}
  - id: halls
    title: Im Flur
    block: hall
    items:
      - {id: signs, type: rating, text: Wie gut gelingen die Schilder?, scale: success}
blocks:
  areas: [desk, hall]
""",
    ),
    Part(
        "`when`",
        "Rule",
        """\
An item or a page with `when` is shown only if the rule holds. A rule is one question about the
answer to an item on an **earlier** page (`answer` with exactly one comparison), or `all`, `any` or
`not` of such rules. An item that was left empty or not shown makes every comparison false, except
`answered: false`. Answers to items that are no longer shown are not sent.
""",
        """\
- id: waiting
  type: rating
  text: Wie gut war die Wartezeit?
  scale: success
  when:
    all:
      - {answer: contact, is: yes}
      - not: {answer: unit, in: [parks]}
""",
    ),
    Part(
        "`facets` of a grid",
        "Facet",
        "Several questions about the same rows; each becomes a question of its own.\n",
        """\
- id: quality
  type: grid
  role: assessment
  text: Acht Eigenschaften, je zwei Fragen.
  list: fields
  facets:
    - {id: today, title: Heute, text: Wie gut gelingt es heute?, scale: success}
    - {id: later, title: In zehn Jahren, text: Wie gut soll es gelingen?, scale: success}
""",
    ),
    Part(
        "`acknowledged`",
        "AcknowledgementSection",
        """\
Notes (not mistakes) can stay if the file says why. An entry that meets no note becomes a note.
""",
        """\
pages:
  - id: first
    title: Ihr Eindruck
    items:
      - id: satisfied
        type: rating
        text: Wie gut gelingen Auskunft und Beratung?
        scale: success
acknowledged:
  - code: double_question
    where: satisfied
    reason: Wortlaut der Vorjahre, für den Vergleich.
""",
    ),
)

ITEMS = """\
An item stands in the list `items` of a page. Items with options take them from a named list
(`list`, `scale`) or hold them themselves (`options`); never both. An option with `missing` is a
reason for no answer and is counted apart; every item may be left empty.

Earlier answers can stand in `text`, `help` and the `intro` of a page: `{{contact}}` becomes the
label of the answer to the item `contact` of an earlier page, and “…” if there is none.
"""

COMMON = """\
Roles tell the evaluation what an item is for: `department`, `workplace` and `district` divide the
people, `demographic` is evaluated for everybody only, `ranking`, `assessment`, `preference` and
`open_text` are what the chapters of a dossier are made of.
"""

CLOSING = """\
## Translations

A translation stands in a file of its own, named under `study: translations`. It is keyed by ids and
codes and holds texts only, so that it cannot change what an answer means. `language` is the tag,
`sample: true` marks a draft that may be incomplete; below follow `study`, `scales`, `lists`,
`texts`, `pages` and `items` with the same texts as in the questionnaire. An option is its label, or
`{label: …, help: …}`. `survey check --languages FILE` says what is missing.

The tag `de-leicht` is a text track in plain German. It is called Leichte Sprache only if the study
names a `review_group`.

```yaml
language: en
sample: true
study:
  title: What should the canteen change first?
scales:
  success: {1: not good at all, 2: moderately good, 3: very good, dont_know: don't know}
pages:
  start: {title: Your visit}
items:
  contact:
    text: Have you visited us this year?
    options: {yes: "yes", no: "no"}
```
"""
