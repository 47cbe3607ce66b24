"""One run of a milestone, from this side: what runs on whose code, its limits and its events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from grader.base.errors import NOT_PASSED, GroundworkError
from grader.base.printable import sanitize
from grader.grading.system.interpreter import start_module
from grader.grading.system.messages import ProcessEnded, receive_messages
from grader.milestones.conversation import OpenInput, Reply
from grader.milestones.events import Event, parse_event

Owner = Literal["exercises", "solutions"]
"""Whose code a part is: the learner's, or the reference."""
MEMORY_MB = 6144
"""What a milestone may allocate beyond the libraries, in MiB."""
LONGEST = 36_000.0
"""Seconds after which a run that trains nothing is ended."""


class MilestoneFailed(GroundworkError):
    """The run ended before its end; the message says why."""

    exit_code = NOT_PASSED


@dataclass(frozen=True, slots=True)
class Settings:
    """What the learner may choose."""

    seed: int = 0
    model: str = ""
    """The kind of model, one of ``Milestone.models``; empty where the program trains none."""
    minutes: float = 10.0
    """How long it is trained."""
    device: str = "cpu"
    """Where it is trained, as PyTorch names it."""
    fresh: bool = False
    """Begin anew, even where a run could be continued."""
    text: str = ""
    """What a model is to continue or to answer."""
    tokens: int = 500
    """How much it writes."""


@dataclass(frozen=True, slots=True)
class MilestoneRun:
    """A program of the course's on the learner's parts."""

    root: Path
    """The workspace."""
    program: Path
    """The file whose function ``run(stage)`` or ``write(stage)`` is called."""
    parts: Mapping[str, Owner]
    """Of each exercise, whose code is served; what is not in it is the reference's."""
    folder: Path
    """Where the program keeps checkpoints."""
    settings: Settings = field(default_factory=Settings)
    action: Literal["run", "write"] = "run"
    """What it does: run the milestone, or let its model write."""
    seconds: float = LONGEST
    memory_mb: int = MEMORY_MB

    def iterate_events(self, reply: Reply | None = None) -> Iterator[Event]:
        """Run the program and yield what it reports; ``MilestoneFailed`` if it does not finish.

        ``reply`` gives the user's next text when the program asks for one; an empty one is the end.
        """
        with start_module("grader.milestones.process") as process:
            told = OpenInput(process)
            try:
                for message in receive_messages(process, asdict(self), self.seconds):
                    if "ask" in message:
                        told.answer(reply() if reply else "")
                    if "error" in message:
                        raise MilestoneFailed(sanitize(str(message["error"]), 4000))
                    event = parse_event(message)
                    if event is not None:
                        yield event
            except ProcessEnded as ended:
                raise MilestoneFailed(str(ended)) from None
            finally:
                told.answer("")
