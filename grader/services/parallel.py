"""Many tasks in parallel: one thread per core, the longest begun first, results in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")

Happened = SimpleQueue[Callable[[], None]]
"""Calls to the observer that are still to be made."""

MOMENT = 0.1
"""Seconds between two ticks of the observer."""


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """Something to do on a thread of its own; several tasks may have one name."""

    name: str
    work: Callable[[], T]
    weight: float
    """The seconds that it is expected to take; the longest is begun first."""


class Observer(Protocol):
    """Follows the tasks; it is called only from the thread that takes the results."""

    def plan(self, names: Sequence[str]) -> None:
        """Take the names of all tasks to come, one for each."""

    def begin(self, name: str) -> None:
        """Note that a task of that name has begun."""

    def end(self, name: str) -> None:
        """Note that a task of that name has ended."""

    def tick(self) -> None:
        """Note that a moment has passed."""


class SilentObserver:
    """An observer that does nothing."""

    def plan(self, names: Sequence[str]) -> None:
        """Do nothing."""

    def begin(self, name: str) -> None:
        """Do nothing."""

    def end(self, name: str) -> None:
        """Do nothing."""

    def tick(self) -> None:
        """Do nothing."""


def count_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_parallel(
    tasks: Sequence[Task[T]], abandon: Callable[[], None], observer: Observer
) -> Generator[T]:
    """Yield the tasks' results in order, each as soon as it and all before it are there.

    When the caller stops early, or a task raises, tasks that have not begun never do, and
    ``abandon`` is called until those under way have come to an end.
    """
    if not tasks:
        return
    observer.plan([task.name for task in tasks])
    happened: Happened = SimpleQueue()
    pool = ThreadPoolExecutor(max_workers=min(count_cores(), len(tasks)))
    futures: dict[int, Future[T]] = {}
    try:
        for number in sorted(range(len(tasks)), key=lambda number: -tasks[number].weight):
            # What happens in a worker thread only goes into the queue: the observer, which draws on
            # the terminal, is called from this thread alone.
            futures[number] = pool.submit(_run_task, tasks[number], observer, happened)
            futures[number].add_done_callback(_report_end(tasks[number], observer, happened))
        for number in range(len(tasks)):
            while not futures[number].done():
                _tell_observer(happened, observer)
            yield futures[number].result()
    finally:
        # Not waited for here: an endless loop of a learner's ends only when it is abandoned.
        pool.shutdown(wait=False, cancel_futures=True)
        _abandon_running(futures.values(), abandon)


def _run_task(task: Task[T], observer: Observer, happened: Happened) -> T:
    happened.put(partial(observer.begin, task.name))
    return task.work()


def _report_end(
    task: Task[T], observer: Observer, happened: Happened
) -> Callable[[Future[T]], None]:
    return lambda future: happened.put(partial(observer.end, task.name))


def _tell_observer(happened: Happened, observer: Observer) -> None:
    try:
        happened.get(timeout=MOMENT)()
    except Empty:
        observer.tick()


def _abandon_running(futures: Iterable[Future[T]], abandon: Callable[[], None]) -> None:
    """Abandon what is under way, until it has ended.

    Again and again: a run that was just about to begin is not there yet at the first call.
    """
    running = {future for future in futures if not future.done()}
    while running:
        abandon()
        running = wait(running, timeout=0.05).not_done
