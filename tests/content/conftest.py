"""The engine that grades the answers of a file's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.grading.client import Engine


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A loaded engine."""
    with Engine() as engine:
        yield engine
