"""Many tasks side by side: one lane per core, the heaviest begun first, results in order."""

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
"""What is still to be told."""

MOMENT = 0.1
"""How often whoever watches hears that time passes, in seconds."""


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """Something to do on a thread of its own; several tasks may bear one name."""

    name: str
    work: Callable[[], T]
    weight: float
    """The heavier is begun first: the seconds that it is expected to take."""


class Watch(Protocol):
    """Whoever watches tasks; it is always told from the thread that takes the results."""

    def planned(self, names: Sequence[str]) -> None:
        """The names of all tasks to come, one for each."""

    def began(self, name: str) -> None:
        """A task of that name has begun."""

    def ended(self, name: str) -> None:
        """A task of that name has ended."""

    def waited(self) -> None:
        """A moment has passed."""


class Unwatched:
    """Nobody watches."""

    def planned(self, names: Sequence[str]) -> None:
        """Nobody hears."""

    def began(self, name: str) -> None:
        """Nobody hears."""

    def ended(self, name: str) -> None:
        """Nobody hears."""

    def waited(self) -> None:
        """Nobody hears."""


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_lanes(tasks: Sequence[Task[T]], abandon: Callable[[], None], watch: Watch) -> Generator[T]:
    """The tasks' results in the tasks' order, each as soon as it and all before it are there.

    When the caller stops early, or a task raises, tasks that have not begun never do, and
    ``abandon`` is called until those under way have come to an end.
    """
    if not tasks:
        return
    watch.planned([task.name for task in tasks])
    happened: Happened = SimpleQueue()
    pool = ThreadPoolExecutor(max_workers=min(cores(), len(tasks)))
    futures: dict[int, Future[T]] = {}
    try:
        for number in sorted(range(len(tasks)), key=lambda number: -tasks[number].weight):
            futures[number] = pool.submit(_done, tasks[number], watch, happened)
            futures[number].add_done_callback(_telling(tasks[number], watch, happened))
        for number in range(len(tasks)):
            while not futures[number].done():
                _hear(happened, watch)
            yield futures[number].result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        _end(futures.values(), abandon)


def _done(task: Task[T], watch: Watch, happened: Happened) -> T:
    happened.put(partial(watch.began, task.name))
    return task.work()


def _telling(task: Task[T], watch: Watch, happened: Happened) -> Callable[[Future[T]], None]:
    return lambda future: happened.put(partial(watch.ended, task.name))


def _hear(happened: Happened, watch: Watch) -> None:
    try:
        happened.get(timeout=MOMENT)()
    except Empty:
        watch.waited()


def _end(futures: Iterable[Future[T]], abandon: Callable[[], None]) -> None:
    """Give up what is under way; a run that was just about to begin is met the next time."""
    running = {future for future in futures if not future.done()}
    while running:
        abandon()
        running = wait(running, timeout=0.05).not_done
