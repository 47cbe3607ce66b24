"""Worker processes as the judge sees them; the host says how they are started and ended."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class WorkerEnd:
    """How a worker had ended by itself; nothing is said of one that had not."""

    words: str = ""
    killed: bool = False
    """Whether a signal ended it that comes from outside: somebody's kill, or a lack of memory."""


class WorkerHandle(Protocol):
    """A worker process of this run."""

    @property
    def channel(self) -> socket.socket:
        """The socket to ask over."""
        ...

    def take_output(self) -> str:
        """Return what it printed since the last call, up to a limit."""
        ...

    def read_cpu_seconds(self) -> float:
        """Return the seconds for which it and all that it started have computed so far."""
        ...

    def limit_memory(self, megabytes: int, private: bool) -> bool:
        """Allow it so many MiB more than it has, for good; return False where nobody can."""
        ...

    def end(self) -> WorkerEnd:
        """End it and all that it started; return how it had ended by itself, if it had."""
        ...


class WorkerFactory(Protocol):
    """Where workers come from."""

    def start(self, assignment: dict[str, Any]) -> WorkerHandle:
        """Return a fresh worker that knows what the run is about and has loaded nothing yet."""
        ...
