"""One job at a time: a newer job makes the older stale, and ends what it started."""

from __future__ import annotations

import threading
from collections.abc import Callable

PAUSE = 0.02
"""Seconds between two calls to end a run that has gone stale."""

Action = Callable[["Job"], None]


class Job:
    """The right to change the view, as long as nothing newer was submitted."""

    def __init__(self, runner: JobRunner, number: int) -> None:
        self._runner, self._number = runner, number

    @property
    def is_stale(self) -> bool:
        """Whether something newer was submitted."""
        return self._runner.newest != self._number

    def apply(self, change: Callable[[], object]) -> None:
        """Make a change, unless this job is stale; nothing newer begins meanwhile."""
        with self._runner.change:
            if not self.is_stale:
                change()


class JobRunner:
    """Two threads: one runs the newest job, one ends what has gone stale.

    Use it as a context manager, which starts both threads and waits for their end. Jobs are not
    queued: of several that were submitted during a run only the newest is run.
    """

    def __init__(
        self, abandon: Callable[[], None], on_fault: Callable[[BaseException], None]
    ) -> None:
        self.change = threading.Condition(threading.RLock())
        self.newest = 0
        """The number of the newest job; numbers are given when a job is submitted."""
        self._abandon, self._on_fault = abandon, on_fault
        self._running = 0
        """The number of the job that runs; 0 while none does."""
        self._next: Action | None = None
        self._over = False
        self._threads = [threading.Thread(target=run) for run in (self._run_jobs, self._end_stale)]

    def __enter__(self) -> JobRunner:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        with self.change:
            # A number that no job has makes whatever runs stale, so that it is ended too.
            self._over, self.newest = True, self.newest + 1
            self.change.notify_all()
        for thread in self._threads:
            thread.join()

    def submit(self, action: Action) -> None:
        """Run this next; what is under way is ended and changes nothing more."""
        with self.change:
            self.newest, self._next = self.newest + 1, action
            self.change.notify_all()

    def _run_jobs(self) -> None:
        try:
            while (taken := self._take()) is not None:
                action, job = taken
                action(job)
        except BaseException as fault:
            # A fault of ours: a thread cannot raise into the surface, which is told instead.
            self._on_fault(fault)
        finally:
            self._finish()

    def _take(self) -> tuple[Action, Job] | None:
        with self.change:
            self._finish()
            self.change.wait_for(lambda: self._over or self._next is not None)
            if self._over or self._next is None:
                return None
            action, self._next, self._running = self._next, None, self.newest
            return action, Job(self, self.newest)

    def _finish(self) -> None:
        with self.change:
            self._running = 0
            self.change.notify_all()

    def _end_stale(self) -> None:
        """Abandon the engine's run for as long as a stale job is at work.

        Once is not enough: the job may be just about to begin a run when ``abandon`` looks for
        one, so it is called again until the job has let go.
        """
        while True:
            with self.change:
                self.change.wait_for(lambda: self._is_late() or (self._over and not self._running))
                if not self._is_late():
                    return
            self._abandon()  # without the lock: what is ended may want to change the view
            with self.change:
                self.change.wait_for(lambda: not self._is_late(), timeout=PAUSE)

    def _is_late(self) -> bool:
        return self._running not in (0, self.newest)
