"""The figures of a calibration run, printed after its tests, whichever process took them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import calibrated
import pytest


@pytest.fixture(autouse=True)
def measured_figures(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Attach to each test what it has measured."""
    before = len(calibrated.FOUND)
    yield
    for name, figures in calibrated.FOUND[before:]:
        record_property(name, figures)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print every measured figure."""
    if not calibrated.FULL:
        return
    terminalreporter.section("measured")
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") != "teardown":
                continue
            for name, figures in report.user_properties:
                terminalreporter.write_line(f"{name}: {figures}")
