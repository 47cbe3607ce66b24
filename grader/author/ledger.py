"""A pytest plugin for the gate's plain runs: it writes down what passes, and keeps deadlines.

``pytest -p grader.author.ledger`` reads its order from the file that ``GROUNDWORK_ORDER``
names: where to write, how long a check of a file may take, and whose examples to run. It writes
a line of JSON for each check and example as soon as it is known, so that what a crash leaves
behind still counts. It imports torch and pytest only through pytest itself.
"""

from __future__ import annotations

import contextlib
import doctest
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

ORDER = "GROUNDWORK_ORDER"


class TooLong(BaseException):
    """A check or an example outlasted its deadline."""


class Ledger:
    """Writes lines of JSON as they come."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._order, self._file = order, ""
        self._path = Path(order["ledger"])
        self._baseline: Any = None

    def pytest_collectreport(self, report: Any) -> None:
        """A file that cannot be collected."""
        if report.failed:
            self._write(file=str(report.fspath), broken=_last(report.longreprtext))

    def pytest_runtest_setup(self, item: Any) -> None:
        """Give the check its time; another file finds the process as the first one did."""
        from grader.engine.settle import Baseline

        if str(item.path) != self._file:
            self._baseline = self._baseline or Baseline()
            self._baseline.restore()
            self._file = str(item.path)
        _alarm(self._order["seconds"].get(self._file, 60.0))

    def pytest_runtest_teardown(self) -> None:
        """The check is over."""
        _alarm(0)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Write down a check that has passed, and whatever part of one has not."""
        if report.outcome == "passed" and report.when != "call":
            return
        self._write(
            file=self._file,
            check=report.nodeid.rpartition("::")[2],
            passed=report.outcome == "passed",
            said=_last(report.longreprtext),
        )

    def pytest_sessionfinish(self) -> None:
        """Run the examples, then close the ledger."""
        for example in self._order["examples"]:
            self._write(**_examples(example))
        self._write(closed=True)

    def _write(self, **line: Any) -> None:
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")


def pytest_configure(config: Any) -> None:
    """Open the ledger."""
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _too_long)
    order = json.loads(Path(os.environ[ORDER]).read_text("utf-8"))
    config.pluginmanager.register(Ledger(order), "groundwork-ledger")


class _Runner(doctest.DocTestRunner):
    """Keeps the line and the words of each example that does not hold."""

    def __init__(self) -> None:
        super().__init__(verbose=False)
        self.wrong: list[tuple[int, str]] = []

    def report_failure(self, out: Any, test: Any, example: Any, got: str) -> None:
        """It gave something else."""
        self._fail(test, example, f"it gives {got.strip() or 'nothing'}")

    def report_unexpected_exception(self, out: Any, test: Any, example: Any, exc_info: Any) -> None:
        """It raised."""
        self._fail(test, example, f"{exc_info[0].__name__}: {exc_info[1]}")

    def _fail(self, test: Any, example: Any, said: str) -> None:
        self.wrong.append(((test.lineno or 0) + example.lineno + 1, said))


def _examples(order: dict[str, Any]) -> dict[str, Any]:
    """The examples of one reference: how many there are, and those that do not hold."""
    from grader.engine.loader import Exercises, forget

    path, runner, count = Path(order["path"]), _Runner(), 0
    with _deadline(order["seconds"]), contextlib.suppress(TooLong):
        try:
            finder = Exercises(
                order["exercise"], path.read_text("utf-8"), str(path), Path(order["others"])
            )
            for test in doctest.DocTestFinder().find(finder.load()):
                count += len(test.examples)
                runner.run(test, out=lambda text: None)
        except TooLong:
            runner.wrong.append((1, "an example does not come to an end"))
        except Exception as error:
            runner.wrong.append((1, f"{type(error).__name__}: {error}"))
    forget()
    return {"examples": order["exercise"], "count": count, "failures": runner.wrong}


@contextlib.contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    _alarm(seconds)
    try:
        yield
    finally:
        _alarm(0)


def _alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _too_long(number: int, frame: Any) -> NoReturn:
    raise TooLong("it does not come to an end")


def _last(text: str) -> str:
    """The last line that says anything of an error's, without pytest's mark."""
    marked = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
    lines = marked[:1] or [line for line in text.splitlines() if line.strip()][-1:]
    return lines[0][:300] if lines else ""
