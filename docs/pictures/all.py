"""Take every picture of the documentation anew, and print the guide for councillors.

Usage: ``.venv/bin/python docs/pictures/all.py`` (test extra, chromium, poppler-utils).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = (
    HERE / "guide.py",
    HERE / "make.py",
    HERE / "pages.py",
    HERE.parent / "reading_guide.py",
    HERE.parent / "make_commands.py",
)

if __name__ == "__main__":
    for script in SCRIPTS:
        subprocess.run([sys.executable, script], check=True)
