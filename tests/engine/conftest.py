"""An engine that stays loaded for all tests, and a bench in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from smallcourse import Bench

from grader.engine.client import Engine


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
def bench(engine: Engine, tmp_path: Path) -> Bench:
    """The small exercise in a folder of its own."""
    return Bench(engine, tmp_path)
