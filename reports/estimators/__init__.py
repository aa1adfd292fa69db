"""The statistics that this project knows: one name each, one section each in docs/METHODS.md.

Every estimator is a pure function on counts; ``STATISTICS`` is the register of the names that
may stand in the column ``statistic`` of the long table. A test asserts that every name has its
section in the methods document and that no row carries another name.
"""

from __future__ import annotations

STATISTICS: dict[str, str] = {
    "share": "share of an answer among the valid answers",
    "missing": "share of a reason for a missing answer among the ballots",
    "top2": "share of the two highest categories of a rating scale",
    "bottom2": "share of the two lowest categories of a rating scale",
    "net": "net agreement: top2 minus bottom2",
    "mean": "mean of the scores of a rating scale, where its interval holds",
    "median": "median of a rating scale",
    "first": "share of ballots that place an element first",
    "top_k": "share of ballots that place an element among the first k",
    "mean_rank": "mean rank, unplaced elements at the mean of the remaining ranks",
    "pairwise": "share of ballots that prefer one element to another",
    "pairwise_tie": "share of ballots that put two elements level",
    "borda": "mean points: one for every element that is put behind, half for a tie",
    "condorcet": "whether an element wins every duel",
    "smith": "whether an element belongs to the smallest set that wins against all others",
    "schulze": "place in the Schulze order, a range where it is not determined",
    "kemeny": "place over all Kemeny orders",
    "worth": "Plackett-Luce worth, sum 1",
    "worth_quasi_se": "quasi standard error of the log-worth",
    "worth_tie": "prevalence of ties in the Plackett-Luce model",
    "kendall_w": "concordance of the rankings, 0 to 1",
    "friedman_p": "p-value of Friedman's test that all elements are ranked alike",
    "best_worst": "best minus worst, divided by how often shown",
    "points": "mean points of an element",
    "points_zero": "share that gave an element no points",
    "points_trimmed": "mean points without a tenth at either end",
    "class_share": "share of a class of numbers or dates",
    "quantile": "lower and upper quartile of numbers or dates",
    "order_effect": "shown first minus shown last",
    "order_v": "how strongly answers depend on the shown order of items or blocks",
    "order_p": "p-value of the question whether they depend on it at all",
    "disagreement": "how far stances fall apart, 0 to 1",
    "disputed_place": "place among all passages by disagreement, most disputed first",
    "rank_set": "possible places, simultaneous over all elements",
    "diff_rest": "difference of a group to the rest of the organisation",
    "diff_rest_p": "p-value of that difference, Holm-adjusted over all claims",
    "diff_rest_q": "the same p-value adjusted for the false discovery rate, for screening only",
    "differ_p": "p-value of the question whether the groups of an attribute differ at all",
    "differ_rank_p": "the same for an ordered scale, by midranks",
    "cramers_v": "strength of the association with an attribute, corrected for bias",
    "cliffs_delta": "chance that one of the group answers higher than one of the rest, minus lower",
    "funnel": "share of all others, with the limits that chance gives a group of this size",
    "group_place": "possible places of a group among all groups by top2, simultaneous",
    "share_together": "share of an answer, its limits holding together with those of all others",
    "gap_top2": "top2 of today minus top2 of importance, for the same people",
    "gap_top2_p": "p-value of that difference in both columns, Holm-adjusted over all claims",
    "gap_mean": "mean of today minus mean of importance, for the same people",
    "alpha": "reliability of a list read as one scale (Cronbach)",
    "straightlining": "share of complete lists with one step for every row",
    "repeated": "share of complete ballots whose answers all came more than once",
    "untouched": "share of rankings in the order of a list as it may have been shown",
    "without_straight": "headline share without straightlined lists minus the share with them",
    "without_repeated": "headline share without repeated patterns minus the share with them",
    "without_untouched": "headline share without untouched lists minus the share with them",
    "tipping_half": "agreement among non-respondents at which half of all would agree",
    "texts": "free texts that were sent",
    "texts_withheld": "free texts of which nothing is counted or shown",
    "texts_redacted": "free texts with places taken out",
    "theme": "free texts that hold a theme",
    "theme_others": "free texts that hold one of the themes joined because few wrote about them",
    "theme_alpha": "how far coders of themes agree, Krippendorff's alpha",
    "lead": "lead of the most chosen option, a stated margin without inference",
    "erased_by": "further ballots for the next option that would erase this lead",
    "response_rate": "ballots divided by the people asked",
    "composition": "share of all ballots that a group has cast",
    "composition_known": "share of the ballots of all groups whose population is known",
    "population_share": "share of the population that a group makes up, as context",
    "bound_low": "worst case: nobody who did not answer shares the view",
    "bound_high": "worst case: everybody who did not answer shares the view",
    "tipping_point": "lead of the second among non-respondents that would erase the first place",
    "weight_min": "smallest weight of a ballot, mean 1",
    "weight_max": "largest weight of a ballot, mean 1",
    "deff": "design effect of the weights (Kish)",
    "weight_deviation": "largest relative distance of a raked margin from its headcount",
    "weight_trimmed": "ballots whose weight was cut on request",
}
"""Statistic name to what it is."""

WEIGHTED = (
    "share", "top2", "bottom2", "net", "mean", "first", "top_k", "mean_rank", "rank_set",
    "diff_rest", "gap_top2", "cliffs_delta", "condorcet", "smith", "schulze", "kemeny", "borda",
    "pairwise", "worth",
)  # fmt: skip
"""The statistics that also exist weighted, under their name with the suffix ``_weighted``."""

SUFFIX = "_weighted"


def is_statistic(name: str) -> bool:
    """Whether the register knows this name, weighted or not.

    >>> is_statistic("share_weighted"), is_statistic("margin_of_error")
    (True, False)
    """
    return name in STATISTICS or (name.endswith(SUFFIX) and name.removesuffix(SUFFIX) in WEIGHTED)
