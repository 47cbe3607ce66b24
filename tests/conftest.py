"""A warm grader for the tests alone, which ends with them."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time

import pytest

from grader.engine import door

FOLDER = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Let every command that a test runs meet the same warm grader, and no learner's.

    What the tests start hears Ctrl-C, also where they themselves run in the background.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[FOLDER] = tempfile.mkdtemp(prefix="gw-")
    os.environ["GROUNDWORK_ENGINE"] = config.stash[FOLDER]


def pytest_unconfigure(config: pytest.Config) -> None:
    """End it and remove its folder."""
    if door.possible():
        door.stop()
        end = time.monotonic() + 20
        while door.hosts() and time.monotonic() < end:
            time.sleep(0.05)
    shutil.rmtree(config.stash[FOLDER], ignore_errors=True)
