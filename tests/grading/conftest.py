"""An engine that stays loaded for all tests, and a bench in a folder of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_course import Bench

from grader.grading.client import Engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A loaded engine."""
    with Engine() as engine:
        yield engine


@pytest.fixture(scope="session")
def cold() -> Iterator[Engine]:
    """An engine that never forks."""
    with Engine(cold=True) as engine:
        yield engine


@pytest.fixture
def socket_folder() -> Iterator[Path]:
    """A folder for a warm grader of the test's own: tmp_path is too long for a Unix socket."""
    with tempfile.TemporaryDirectory(prefix="gw-", dir="/tmp", ignore_cleanup_errors=True) as name:
        yield Path(name) / "e"


@pytest.fixture
def bench(engine: Engine, tmp_path: Path) -> Bench:
    """The small exercise in a folder of its own."""
    return Bench(engine, tmp_path)
