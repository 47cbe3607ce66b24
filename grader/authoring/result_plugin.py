"""A pytest plugin for the gate's plain runs: it writes down what passes, and keeps deadlines.

``pytest -p grader.authoring.result_plugin`` reads its order from the file that ``GROUNDWORK_ORDER``
names: where to write, how long a check of a file may take, which checks of a file are left out,
and whose examples to run. It writes a line of JSON for each check and example as soon as it is
known, so that what a crash leaves behind still counts.
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


class ResultPlugin:
    """Writes lines of JSON as they come."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._order, self._file = order, ""
        self._path = Path(order["results"])
        self._baseline: Any = None

    def pytest_collectreport(self, report: Any) -> None:
        """Report a file that cannot be collected."""
        if report.failed:
            self._write(file=str(report.fspath), broken=_find_last_line(report.longreprtext))

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave out the checks that the order does not ask for in a file."""
        left_out: dict[str, list[str]] = self._order["left_out"]
        items[:] = [one for one in items if one.name not in left_out.get(str(one.path), ())]

    def pytest_collection_finish(self) -> None:
        """Import what the first optimizer imports: a deadline in the middle would leave half of it.

        Every later check that makes an optimizer would then fail.
        """
        from grader.grading.host.warmup import create_optimizers

        create_optimizers()

    def pytest_runtest_setup(self, item: Any) -> None:
        """Give the check its time; another file finds the process as the first one did."""
        from grader.grading.worker.restore import Baseline

        if str(item.path) != self._file:
            self._baseline = self._baseline or Baseline()
            self._baseline.restore()
            self._file = str(item.path)
        _set_alarm(self._order["seconds"].get(self._file, 60.0))

    def pytest_runtest_teardown(self) -> None:
        """Stop the check's clock."""
        _set_alarm(0)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Write down a check that has passed, and whatever part of one has not."""
        if report.outcome == "passed" and report.when != "call":
            return
        self._write(
            file=self._file,
            check=report.nodeid.rpartition("::")[2],
            passed=report.outcome == "passed",
            message=_find_last_line(report.longreprtext),
        )

    def pytest_sessionfinish(self) -> None:
        """Run the examples, then write the last line."""
        for example in self._order["examples"]:
            self._write(**_run_examples(example))
        self._write(closed=True)

    def _write(self, **line: Any) -> None:
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")


def pytest_configure(config: Any) -> None:
    """Read the order and register the plugin."""
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _raise_too_long)
    order = json.loads(Path(os.environ[ORDER]).read_text("utf-8"))
    config.pluginmanager.register(ResultPlugin(order), "groundwork-results")


class _Runner(doctest.DocTestRunner):
    """Keeps the line and the words of each example that does not hold."""

    def __init__(self) -> None:
        super().__init__(verbose=False)
        self.wrong: list[tuple[int, str]] = []

    def report_failure(self, out: Any, test: Any, example: Any, got: str) -> None:
        """Record an example that gave something else."""
        self._fail(test, example, f"it gives {got.strip() or 'nothing'}")

    def report_unexpected_exception(self, out: Any, test: Any, example: Any, exc_info: Any) -> None:
        """Record an example that raised."""
        self._fail(test, example, f"{exc_info[0].__name__}: {exc_info[1]}")

    def _fail(self, test: Any, example: Any, message: str) -> None:
        self.wrong.append(((test.lineno or 0) + example.lineno + 1, message))


def _run_examples(order: dict[str, Any]) -> dict[str, Any]:
    """Run one reference's examples; count them, and list those that fail."""
    from grader.grading.worker.loader import ExerciseFinder, remove_exercises

    path, runner, count = Path(order["path"]), _Runner(), 0
    with _deadline(order["seconds"]), contextlib.suppress(TooLong):
        try:
            finder = ExerciseFinder(
                order["exercise"], path.read_text("utf-8"), str(path), Path(order["others"])
            )
            for test in doctest.DocTestFinder().find(finder.load()):
                count += len(test.examples)
                runner.run(test, out=lambda text: None)
        except TooLong:
            runner.wrong.append((1, "an example does not end"))
        except Exception as error:
            runner.wrong.append((1, f"{type(error).__name__}: {error}"))
    remove_exercises()
    return {"examples": order["exercise"], "count": count, "failures": runner.wrong}


@contextlib.contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    _set_alarm(seconds)
    try:
        yield
    finally:
        _set_alarm(0)


def _set_alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _raise_too_long(number: int, frame: Any) -> NoReturn:
    raise TooLong("it does not end")


def _find_last_line(text: str) -> str:
    """Return the last line of an error's text with words, without pytest's mark."""
    marked = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
    lines = marked[:1] or [line for line in text.splitlines() if line.strip()][-1:]
    return lines[0][:300] if lines else ""
