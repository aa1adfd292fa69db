"""What ``survey check`` says about shuffled pages and blocks."""

from __future__ import annotations

from collections.abc import Mapping

BLOCK_SENTENCES: Mapping[str, tuple[str, str]] = {
    "keep_unused": (
        "„keep“ bei der Frage „{name}“ bewirkt nichts: Die Seite wird nicht gemischt (shuffle).",
        "“keep” of the question “{name}” does nothing: the page is not shuffled (shuffle).",
    ),
    "page_shuffle_few": (
        "Auf der Seite „{name}“ gibt es nichts zu mischen: Fragen, die ihren Platz wechseln "
        "können: {count}. Nötig sind zwei.",
        "There is nothing to shuffle on the page “{name}”: questions that can change places: "
        "{count}. Two are needed.",
    ),
    "info_adrift": (
        "Der Text „{name}“ steht zwischen Fragen, die gemischt werden; wozu er gehört, wäre offen. "
        "Schreiben Sie „keep: first“ oder „keep: last“ dazu, oder geben Sie ihm eine eigene Seite.",
        "The text “{name}” stands between questions that are shuffled; what it belongs to would "
        "be open. Add “keep: first” or “keep: last”, or give it a page of its own.",
    ),
    "block_unknown": (
        "Der Block „{found}“ steht nicht unter „blocks“. Dort stehen: {allowed}.",
        "The block “{found}” is not listed under “blocks”. There are: {allowed}.",
    ),
    "block_twice": (
        "Der Block „{found}“ steht schon in Zeile {first}; jeder Block wechselt seinen Platz nur "
        "in einer Gruppe.",
        "The block “{found}” is listed in line {first} already; every block changes places in one "
        "group only.",
    ),
    "block_empty": (
        "Zum Block „{found}“ gehört keine Seite. Schreiben Sie „block: {found}“ zu den Seiten des "
        "Blocks.",
        "No page belongs to the block “{found}”. Add “block: {found}” to the pages of the block.",
    ),
    "block_split": (
        "Die Seite „{name}“ steht nicht bei den übrigen Seiten des Blocks „{found}“. Die Seiten "
        "eines Blocks folgen aufeinander.",
        "The page “{name}” is apart from the other pages of the block “{found}”. The pages of a "
        "block follow each other.",
    ),
    "block_apart": (
        "Die Seite „{name}“ steht zwischen den Blöcken von „{group}“ und gehört zu keinem von "
        "ihnen. Die Blöcke einer Gruppe folgen aufeinander.",
        "The page “{name}” stands between the blocks of “{group}” and belongs to none of them. "
        "The blocks of a group follow each other.",
    ),
    "block_text": (
        "Die Seite „{name}“ gehört zu einem anderen Text als die übrigen Blöcke von „{group}“ "
        "(dort: {first}). Blöcke wechseln den Platz nur innerhalb eines Textes.",
        "The page “{name}” belongs to another text than the other blocks of “{group}” (there: "
        "{first}). Blocks change places within one text only.",
    ),
    "rule_block": (
        "Die Bedingung fragt nach „{found}“ (Zeile {first}). Diese Frage steht in einem anderen "
        "Block derselben Gruppe und kann später kommen: Die Blöcke werden gemischt.",
        "The condition asks about “{found}” (line {first}). This question is in another block of "
        "the same group and may come later: the blocks are shuffled.",
    ),
    "pipe_block": (
        "Der Text nennt die Antwort auf „{found}“ (Zeile {first}). Diese Frage steht in einem "
        "anderen Block derselben Gruppe und kann später kommen: Die Blöcke werden gemischt.",
        "The text names the answer to “{found}” (line {first}). This question is in another block "
        "of the same group and may come later: the blocks are shuffled.",
    ),
}
"""By code: the German and the English sentence."""
