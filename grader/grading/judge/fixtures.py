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

from grader.base.errors import GraderFault
from grader.grading.judge.expect import Mismatch
from grader.grading.judge.proxy import Backend, Remote
from grader.grading.judge.remote_errors import Postponed
from grader.grading.protocol.plain_data import seed_all

FOR_CHECKS = frozenset(
    {"beside", "in_place", "killed", "live", "long_run", "pace", "prop", "randint", "randn"}
    | {"reference", "rng", "room"}
)
"""The fixtures that a check may ask for: each is documented in CONTRIBUTING."""
OURS = FOR_CHECKS | {"backend", "check_seed"}
PYTESTS = frozenset({"request", "tmp_path", "monkeypatch"})
PREFIX = "check_"
PROPS = "grader.grading.worker.props"
"""The module of the props. As text: the judge imports nothing of the worker's."""
ROUNDS = 3, 15
"""How often two that race are called at least, and at most."""
RACE = 0.5
"""Seconds of computing after which a race ends that has had its least rounds."""


def find_exercise(path: Path) -> str | None:
    """Return the exercise that ``curriculum/<unit>/check_<name>.py`` is about, or None."""
    if path.suffix != ".py" or not path.stem.startswith(PREFIX):
        return None
    return f"{path.parent.name}/{path.stem.removeprefix(PREFIX)}"


def derive_seed(run_seed: int, name: str) -> int:
    """Return the seed of one check.

    From the run's seed and the check's name: so a check draws the same inputs when it is run
    alone, or after checks were added before it. By SHA-256, since ``hash`` of a text is another
    in each process.
    """
    digest = hashlib.sha256(f"{run_seed}:{name}".encode()).digest()
    return int.from_bytes(digest[:6], "big")


class Fixtures:
    """A pytest plugin that gives checks their arguments."""

    def __init__(self, backend_of: Callable[[Path], Backend], run_seed: Callable[[], int]) -> None:
        # Functions, since in the host the plugin is there before any plan is.
        self._backend_of, self._run_seed = backend_of, run_seed
        self._broken: set[Path] = set()
        """The check files in which a check did not pass, though all that it needs is written."""

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """Give the check file a fixture for each name of the learner's that it asks for."""
        if not isinstance(collector, pytest.Module) or find_exercise(collector.path) is None:
            return
        try:
            module = collector.obj
        except pytest.Collector.CollectError as error:
            _postpone_error(collector, error)
            return
        for function in [f for n, f in vars(module).items() if n.startswith("test_")]:
            for name in inspect.signature(function).parameters:
                if name not in OURS | PYTESTS and not hasattr(module, name):
                    # Into the module, where pytest looks for fixtures when it collects.
                    setattr(module, name, _make_fixture(name))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Note the file of a check that does not pass."""
        # What is not written yet is noticed at once, by a check that takes long as by any other.
        known = (NotImplementedError, pytest.skip.Exception)
        if call.excinfo is not None and not isinstance(call.excinfo.value, known):
            self._broken.add(item.path)

    @pytest.fixture
    def check_seed(self, request: pytest.FixtureRequest) -> int:
        """Return the seed of this check."""
        return derive_seed(self._run_seed(), request.node.name)

    @pytest.fixture
    def backend(self, request: pytest.FixtureRequest, check_seed: int) -> Iterator[Backend]:
        """Yield where the learner's code lives, made ready for this check."""
        backend = self._backend_of(request.path)
        # Here too, and not in the learner's process alone: a check may call torch by itself.
        seed_all(check_seed)
        backend.begin(check_seed)
        yield backend
        backend.end()

    @pytest.fixture
    def live(self, backend: Backend) -> Callable[[Any], Any]:
        """Return ``live(tensor)``, which makes a tensor that lives beside the learner's code."""
        return backend.make_live

    @pytest.fixture
    def beside(self, backend: Backend) -> Callable[[str], Any]:
        """Return ``beside("torch.nn.Linear")``, a library object beside the learner's code."""
        return backend.import_beside

    @pytest.fixture
    def prop(self, backend: Backend) -> Callable[..., Any]:
        """Return ``prop("TableModel", table)``, which creates a prop beside the learner's code."""

        def prop(name: str, *args: Any, **kwargs: Any) -> Any:
            return backend.import_beside(f"{PROPS}.{name}")(*args, **kwargs)

        return prop

    @pytest.fixture
    def reference(self, backend: Backend) -> Callable[[str], Any]:
        """Return ``reference("softmax")``, the reference's own, apart from the learner's code."""
        return backend.get_reference

    @pytest.fixture
    def pace(self, backend: Backend) -> Callable[..., float]:
        """Return ``pace(mine, theirs, draw)``: how many times as long as the other one takes.

        ``mine`` is the learner's function or method, ``theirs`` the reference's, and ``draw()``
        returns the arguments of one round: fresh ones of the same size, so that what was kept from
        an earlier round answers nothing. What counts is the time for which each computes, with
        the processes that it starts, not how long others keep it waiting. Both are called in turn,
        up to 15 times within half a second of it but at least three times, and the best time of
        each is taken.
        """

        def pace(mine: Any, theirs: Any, draw: Callable[[], tuple[Any, ...]]) -> float:
            least, most = ROUNDS
            times: list[list[float]] = []
            # In turn, so that what slows the machine down meets both; the best of each, since
            # other programs can make a call slower and none can make it faster.
            while len(times) < least or (len(times) < most and sum(map(sum, times)) < RACE):
                args = draw()
                times.append([_time_call(backend, f, args) for f in (mine, theirs)])
            ours, others = (min(column) for column in zip(*times, strict=True))
            return float(ours / max(others, 1e-9))

        return pace

    @pytest.fixture
    def room(self, backend: Backend) -> Callable[..., None]:
        """Return ``room(64)``: from there on the learner's code may take 64 MiB more.

        ``room(64, private=True)`` does not count what is mapped from a file.
        """
        return backend.limit_memory

    @pytest.fixture
    def killed(self, backend: Backend) -> Callable[..., None]:
        """Return ``killed(train, folder, at=(prop, 7))``, which has a call killed in the middle.

        The function is called with a prop among its arguments, and in the prop's seventh call its
        process is killed, as by ``kill -9``. The check fails if the function returns before. Then
        the check goes on with a fresh process: the names of the learner's file are there as before,
        and all other objects of the old one are gone.
        """

        def killed(function: Any, *args: Any, at: tuple[Any, int], **kwargs: Any) -> None:
            prop, number = at
            if type(number) is not int or number < 1:
                raise GraderFault(f"killed() counts calls from 1, and {number!r} is none")
            calls = backend.call_until_killed(function, args, kwargs, prop, number)
            if calls is not None:
                _fail_returned(prop, number, calls)

        return killed

    @pytest.fixture
    def long_run(self, request: pytest.FixtureRequest, backend: Backend) -> None:
        """Run this check only if those before it pass, and never replay it.

        It computes for seconds: whoever has made a mistake that another check has found need not
        wait for it, and no known mistake is asked all that.
        """
        if request.path in self._broken:
            raise Postponed("this check takes some seconds; it runs once those before it pass")
        backend.leave_no_evidence()

    @pytest.fixture
    def in_place(self) -> None:
        """Allow the check's arguments to be changed in place, as its contract does."""

    @pytest.fixture
    def randn(self, check_seed: int) -> Callable[..., torch.Tensor]:
        """Return ``randn(2, 3, dtype=torch.float64)``: normal numbers, fresh each run."""
        generator = torch.Generator().manual_seed(check_seed)

        def randn(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
            # In float64 first: a seed then draws the same numbers for every dtype.
            return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)

        return randn

    @pytest.fixture
    def randint(self, check_seed: int) -> Callable[..., torch.Tensor]:
        """Return ``randint(low, high, 2, 3)``: whole numbers from low to high - 1, fresh."""
        # Another seed than randn's: the two would draw from the same bits.
        generator = torch.Generator().manual_seed(check_seed + 1)

        def randint(low: int, high: int, *shape: int) -> torch.Tensor:
            return torch.randint(low, high, shape, generator=generator)

        return randint

    @pytest.fixture
    def rng(self, check_seed: int) -> random.Random:
        """Return a generator of Python's own, fresh each run, for texts and choices."""
        return random.Random(check_seed)


def _postpone_error(collector: pytest.Module, error: Exception) -> None:
    """Let the collection of a file meet its error again.

    pytest reports what ``collect`` raises, and not what this hook raises. A second import of the
    file would find a module that is half there, and no error.
    """

    def collect() -> NoReturn:
        raise error

    collector.collect = collect  # type: ignore[method-assign]


def _fail_returned(prop: Any, number: int, calls: int) -> NoReturn:
    name = prop.type_name if isinstance(prop, Remote) else type(prop).__name__
    wanted, made = (f"{n} call{'s' * (n != 1)} of {name}" for n in (number, calls))
    message = (
        f"your function returned before call {number} of {name}, in which its process was to be "
        f"killed; it made {made}"
    )
    raise Mismatch(message, f"at least {wanted}", made)


def _time_call(backend: Backend, function: Any, args: tuple[Any, ...]) -> float:
    began = backend.read_cpu_seconds(function)
    function(*args)
    return backend.read_cpu_seconds(function) - began


def _make_fixture(name: str) -> Any:
    """Return a fixture that gives what the learner's file calls ``name``."""

    @pytest.fixture(name=name)
    def learners(backend: Backend) -> Any:
        return backend.get(name)

    return learners
