"""Which tests stay in one process when the suite runs in parallel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parents[2]


class GroupScheduling(LoadScopeScheduling):
    """Gives each process a group at a time, large ones first; most groups are a single test."""

    def _split_scope(self, nodeid: str) -> str:
        return find_group(nodeid.partition("::")[0]) or nodeid


@cache
def find_group(file: str) -> str:
    """Return the group of a file's tests, empty where each may run in any process.

    Tests that share a costly fixture stay together, so that no site or course is built twice. All
    that open Chromium or try the engine's deadlines run one after another: one browser is open at
    a time, and none takes the cores while a test waits for an answer.
    """
    text = (ROOT / file).read_text("utf-8")
    if "pytest.mark.browser" in text or file.startswith("tests/grading/"):
        return "one at a time"
    shared = 'scope="module"' in text or "spoiled: Spoiled" in text
    return file if shared else ""
