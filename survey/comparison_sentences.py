"""What ``survey check`` says about comparisons that are not balanced."""

from __future__ import annotations

from collections.abc import Mapping

COMPARISON_SENTENCES: Mapping[str, tuple[str, str]] = {
    "design_unknown": (
        "Für {found} Einträge gibt es hier keine ausgewogenen Gruppen. Möglich sind Listen mit so "
        "vielen Einträgen: {allowed}. Sonst fragen Sie besser nach den wichtigsten (ranking).",
        "There are no balanced sets of {found} entries here. Lists can have so many entries: "
        "{allowed}. Otherwise better ask for the most important ones (ranking).",
    ),
    "design_size": (
        "Für {found} Einträge gibt es keine ausgewogenen Gruppen zu {size}. Möglich sind Gruppen "
        "dieser Größe: {allowed}.",
        "There are no balanced sets of {size} out of {found} entries. Sets can have this size: "
        "{allowed}.",
    ),
    "sets_unbalanced": (
        "Diese Gruppen sind nicht ausgewogen: Jeder der {found} Einträge muss gleich oft "
        "vorkommen, und je zwei gleich oft zusammen. Ohne eigene Gruppen entstehen ausgewogene; "
        "mögliche Größen: {allowed}.",
        "These sets are not balanced: each of the {found} entries has to occur equally often, and "
        "any two equally often together. Without sets of your own balanced ones are made; "
        "possible sizes: {allowed}.",
    ),
    "pairs_unbalanced": (
        "Bei {limit} Einträgen kann nicht jeder {found}-mal verglichen werden. Möglich ist: "
        "{allowed}; ohne diese Angabe werden alle Paare gefragt.",
        "With {limit} entries not each can be compared {found} times. Possible is: {allowed}; "
        "without this key all pairs are asked.",
    ),
    "equal_taken": (
        "Ein Eintrag hat schon den Code „{found}“, der für „beides gleich“ gebraucht wird.",
        "An entry already has the code “{found}”, which is needed for “both are equal”.",
    ),
}
"""German and English sentence by code; ``{…}`` are holes."""
