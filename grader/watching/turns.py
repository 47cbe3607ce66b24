"""One demand at a time: a newer one makes the older stale, and ends what it started."""

from __future__ import annotations

import threading
from collections.abc import Callable

PAUSE = 0.02
"""Seconds between two calls to end a run that has gone stale."""

Work = Callable[["Turn"], None]


class Turn:
    """The right to be shown, as long as nothing newer was demanded."""

    def __init__(self, turns: Turns, number: int) -> None:
        self._turns, self._number = turns, number

    @property
    def stale(self) -> bool:
        """Whether something newer was demanded."""
        return self._turns.newest != self._number

    def show(self, change: Callable[[], object]) -> None:
        """Make a change, unless this turn is stale; nothing newer begins meanwhile."""
        with self._turns.change:
            if not self.stale:
                change()


class Turns:
    """Two threads: one works, one ends what has gone stale. A context manager, for both."""

    def __init__(self, abandon: Callable[[], None], broke: Callable[[BaseException], None]) -> None:
        self.change = threading.Condition(threading.RLock())
        self.newest = 0
        self._abandon, self._broke = abandon, broke
        self._running = 0
        self._wanted: Work | None = None
        self._over = False
        self._threads = [threading.Thread(target=run) for run in (self._work, self._end_stale)]

    def __enter__(self) -> Turns:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        with self.change:
            self._over, self.newest = True, self.newest + 1
            self.change.notify_all()
        for thread in self._threads:
            thread.join()

    def demand(self, work: Work) -> None:
        """Do this next; what is under way is ended and shows nothing more."""
        with self.change:
            self.newest, self._wanted = self.newest + 1, work
            self.change.notify_all()

    def _work(self) -> None:
        try:
            while (taken := self._taken()) is not None:
                work, turn = taken
                work(turn)
        except BaseException as fault:
            self._broke(fault)
        finally:
            self._rest()

    def _taken(self) -> tuple[Work, Turn] | None:
        with self.change:
            self._rest()
            self.change.wait_for(lambda: self._over or self._wanted is not None)
            if self._over or self._wanted is None:
                return None
            work, self._wanted, self._running = self._wanted, None, self.newest
            return work, Turn(self, self.newest)

    def _rest(self) -> None:
        with self.change:
            self._running = 0
            self.change.notify_all()

    def _end_stale(self) -> None:
        """Call ``abandon`` until the worker has let go, for a run may be just about to begin."""
        while True:
            with self.change:
                self.change.wait_for(lambda: self._late() or (self._over and not self._running))
                if not self._late():
                    return
            self._abandon()
            with self.change:
                self.change.wait_for(lambda: not self._late(), timeout=PAUSE)

    def _late(self) -> bool:
        return self._running not in (0, self.newest)
