"""Who hears the notices of props: nobody, until the process that serves a judge says so."""

from __future__ import annotations

import os
from collections.abc import Callable

from grader.grading.protocol.notices import Notice

Listener = Callable[[Notice], None]


class Notifier:
    """Passes notices on to one listener, in the process that has named it.

    A process that the learner's code has forked shares the connection and must not write to it.
    """

    def __init__(self) -> None:
        self._listener: Listener | None = None
        self._owner = 0

    def listen(self, listener: Listener) -> None:
        """Give the notices of this process to ``listener`` from now on."""
        self._listener, self._owner = listener, os.getpid()

    def notify(self, notice: Notice) -> None:
        """Give a notice to the listener, if there is one."""
        if self._listener is not None and self._owner == os.getpid():
            self._listener(notice)


NOTIFIER = Notifier()
"""The one of this process."""
