"""A warm grader for the tests alone, tests in parallel, and Chromium where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from typing import Any

import pytest
from chromium import BROWSER, LACKING

from grader.grading.host import discovery

FOLDER = pytest.StashKey[str]()
MOST_WORKERS = 4
"""More add little: the longest groups of tests decide when the suite ends."""


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run the whole suite in parallel, unless ``-n`` or ``--pdb`` says otherwise."""
    if not config.pluginmanager.hasplugin("xdist") or "PYTEST_XDIST_WORKER" in os.environ:
        return
    option = config.option
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if option.numprocesses is None and whole:
        option.numprocesses = "logical"  # xdist makes it the number of cores, and 0 with --pdb
        option.maxprocesses = option.maxprocesses or MOST_WORKERS


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep together the tests that share something, whatever ``-n`` is."""
    from parallel_groups import GroupScheduling

    return GroupScheduling(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Let every command that a test runs meet the same warm grader, and no learner's.

    What the tests start hears Ctrl-C, also where they themselves run in the background.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.stash[FOLDER] = tempfile.mkdtemp(prefix="gw-")
    os.environ["GROUNDWORK_ENGINE"] = config.stash[FOLDER]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs Chromium where there is none; the summary says so in one line."""
    if BROWSER is None and item.get_closest_marker("browser"):
        pytest.skip(LACKING)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End it and remove its folder."""
    if discovery.is_supported():
        discovery.stop_hosts()
        end = time.monotonic() + 20
        while discovery.list_hosts() and time.monotonic() < end:
            time.sleep(0.05)
    shutil.rmtree(config.stash[FOLDER], ignore_errors=True)
