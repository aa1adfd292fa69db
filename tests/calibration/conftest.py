"""The figures of a calibration run, printed after its tests."""

from __future__ import annotations

import calibrated
import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print every measured figure."""
    if calibrated.FULL:
        terminalreporter.section("measured")
        for name, figures in calibrated.FOUND:
            terminalreporter.write_line(f"{name}: {figures}")
