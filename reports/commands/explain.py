"""``reports explain``: what stands behind one number."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from survey.home import Home


@click.command()
@click.argument("study")
@click.argument("row")
@click.pass_obj
def explain(home: Home, study: str, row: str) -> None:
    """Show how one number of STUDY came about: numerator, denominator, weights, rules, formula.

    ROW is its address as “reports trace” prints it: ITEM/STATISTIC, then /CATEGORY and
    @GROUPING=GROUP where the row has them, with “-” for the study as a whole, for example
    “-/response_rate” or “topics/top_k_weighted/service”. Only what was released is shown.
    """
    from reports.derivation import explained
    from reports.releasing import released_results

    results = released_results(home, study, now=datetime.now(UTC))
    click.echo(explained(results, row))
