"""The fixtures of a check: what the learner wrote, by name, and inputs that are fresh each run.

A parameter that is no fixture here or in pytest is a name in the learner's file, so
``def test_x(softmax, randn)`` gets the learner's ``softmax``.
"""

from __future__ import annotations

import hashlib
import inspect
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import torch

from grader.engine.side import Side, seed_all

OURS = frozenset(
    {"in_place", "randn", "randint", "rng", "live", "beside", "pace", "room", "side", "check_seed"}
)
PYTESTS = frozenset({"request", "tmp_path", "monkeypatch"})
PREFIX = "check_"
ROUNDS = 3, 15
"""How often two that race are called at least, and at most."""
RACE = 0.5
"""Seconds of computing after which a race ends that has had its least rounds."""


def exercise_of(path: Path) -> str | None:
    """The exercise that ``curriculum/<unit>/check_<name>.py`` is about, or None."""
    if path.suffix != ".py" or not path.stem.startswith(PREFIX):
        return None
    return f"{path.parent.name}/{path.stem.removeprefix(PREFIX)}"


def check_seed(run_seed: int, name: str) -> int:
    """The seed of one check: of the run's seed and the check's name, so it replays alone."""
    digest = hashlib.sha256(f"{run_seed}:{name}".encode()).digest()
    return int.from_bytes(digest[:6], "big")


class Fixtures:
    """A pytest plugin that gives checks their arguments."""

    def __init__(self, side_of: Callable[[Path], Side], run_seed: Callable[[], int]) -> None:
        self._side_of, self._run_seed = side_of, run_seed

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """Give the check file a fixture for each name of the learner's that it asks for."""
        if not isinstance(collector, pytest.Module) or exercise_of(collector.path) is None:
            return
        try:
            module = collector.obj
        except pytest.Collector.CollectError as error:
            _fail(collector, error)
            return
        for function in [f for n, f in vars(module).items() if n.startswith("test_")]:
            for name in inspect.signature(function).parameters:
                if name not in OURS | PYTESTS and not hasattr(module, name):
                    setattr(module, name, _learners(name))

    @pytest.fixture
    def check_seed(self, request: pytest.FixtureRequest) -> int:
        """The seed of this check."""
        return check_seed(self._run_seed(), request.node.name)

    @pytest.fixture
    def side(self, request: pytest.FixtureRequest, check_seed: int) -> Iterator[Side]:
        """Where the learner's code lives, settled for this check."""
        side = self._side_of(request.path)
        seed_all(check_seed)
        side.settle(check_seed)
        yield side
        side.finish()

    @pytest.fixture
    def live(self, side: Side) -> Callable[[Any], Any]:
        """``live(tensor)``: a tensor that lives beside the learner's code."""
        return side.live

    @pytest.fixture
    def beside(self, side: Side) -> Callable[[str], Any]:
        """``beside("torch.nn.Linear")``: a library object beside the learner's code."""
        return side.beside

    @pytest.fixture
    def pace(self, side: Side) -> Callable[..., float]:
        """``pace("bpe_fast", text, 300)``: how many times as long as the reference it takes.

        What counts is the time for which each computes, not how long others keep it waiting.
        Both are called in turn, up to 15 times within half a second of it but at least three
        times, and the best time of each is taken.
        """

        def pace(name: str, *args: Any, **kwargs: Any) -> float:
            pair = (side.named(name), side.reference(name))
            least, most = ROUNDS
            times: list[list[float]] = []
            while len(times) < least or (len(times) < most and sum(map(sum, times)) < RACE):
                times.append([_seconds(side, f, args, kwargs) for f in pair])
            ours, theirs = (min(column) for column in zip(*times, strict=True))
            return float(ours / max(theirs, 1e-9))

        return pace

    @pytest.fixture
    def room(self, side: Side) -> Callable[[int], None]:
        """``room(64)``: from here on the learner's code may take 64 MiB more than it has."""
        return side.room

    @pytest.fixture
    def in_place(self) -> None:
        """Asked for by a check whose contract lets arguments be changed in place."""

    @pytest.fixture
    def randn(self, check_seed: int) -> Callable[..., torch.Tensor]:
        """``randn(2, 3, dtype=torch.float64)``: normal numbers, fresh each run."""
        generator = torch.Generator().manual_seed(check_seed)

        def randn(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
            return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)

        return randn

    @pytest.fixture
    def randint(self, check_seed: int) -> Callable[..., torch.Tensor]:
        """``randint(low, high, 2, 3)``: whole numbers from low to high - 1, fresh each run."""
        generator = torch.Generator().manual_seed(check_seed + 1)

        def randint(low: int, high: int, *shape: int) -> torch.Tensor:
            return torch.randint(low, high, shape, generator=generator)

        return randint

    @pytest.fixture
    def rng(self, check_seed: int) -> random.Random:
        """A generator of Python's own, fresh each run, for texts and choices."""
        return random.Random(check_seed)


def _fail(collector: pytest.Module, error: Exception) -> None:
    """Let the collection of a file meet an error again: a second import would not."""

    def collect() -> NoReturn:
        raise error

    collector.collect = collect  # type: ignore[method-assign]


def _seconds(side: Side, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> float:
    began = side.clock(function)
    function(*args, **kwargs)
    return side.clock(function) - began


def _learners(name: str) -> Any:
    """A fixture that gives what the learner's file calls ``name``."""

    @pytest.fixture(name=name)
    def learners(side: Side) -> Any:
        return side.named(name)

    return learners
