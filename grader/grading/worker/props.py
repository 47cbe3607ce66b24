"""Props: things that live beside the learner's code, follow a script, and count how they are used.

A check cannot send functions of its own to the learner's process. With ``prop("TableModel", ...)``
it creates one of these there, hands it to the learner's code, and reads the counts afterwards.
The counts are kept in the learner's process, so code that is written to cheat can change them.

With ``killed`` a check has a prop kill that process in one of its calls (``killed_call.py``).
"""

from __future__ import annotations

import math
import operator
import os
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from grader.grading.protocol.notices import MOST_STEPS, KillNotice, StepNotice
from grader.grading.system.disk import find_path, release_disk, watch_disk
from grader.grading.system.processes import KILL
from grader.grading.worker.notifier import NOTIFIER
from grader.grading.worker.output_streams import flush_streams

NOTICE_SECONDS = 0.125
"""No more often than this a training run's progress is sent to the terminal."""


class Prop:
    """What all props have in common: they count their calls, and one of these can be the last."""

    calls = 0
    """How often it was called."""
    _last_call = 0

    def count_call(self) -> None:
        """Count one more call, and kill this process if that was to be the last."""
        self.calls += 1
        if self.calls == self._last_call:
            flush_streams()  # what was printed is for the learner, who looks for a mistake
            NOTIFIER.notify(KillNotice())
            os.kill(os.getpid(), KILL)

    def set_last_call(self, number: int) -> None:
        """Kill this process in the call of that number; 0 for none."""
        self._last_call = number


class TableModel(Prop, nn.Module):
    """A language model whose logits depend on the last token alone: row ``i`` of a table.

    It is called as the course's GPT is. What it would compute can be looked up, so that a check
    knows the distribution of each token that is drawn from it.
    """

    def __init__(self, table: torch.Tensor, context: int = 1 << 30) -> None:
        """``table`` has shape (V, V); more than ``context`` tokens at once are refused."""
        super().__init__()
        self.table = nn.Parameter(table.clone())
        self.context = context
        self.lengths: list[int] = []
        """The number of tokens per sequence of each call."""
        self.modes: list[tuple[bool, bool]] = []
        """Of each call: whether it was in training mode, and whether gradients were recorded."""
        self.seen: list[torch.Tensor] = []
        """The ids of each call."""

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the logits of shape (B, T, V) for int64 ids of shape (B, T)."""
        if not isinstance(ids, torch.Tensor) or ids.dtype != torch.int64 or ids.dim() != 2:
            raise ValueError("the model takes an int64 tensor of shape (B, T)")
        length = ids.shape[1]
        if not 1 <= length <= self.context:
            raise ValueError(f"the model takes 1 to {self.context} tokens, not {length}")
        self.count_call()
        self.lengths.append(length)
        self.modes.append((self.training, torch.is_grad_enabled()))
        self.seen.append(ids.clone())
        return self.table[ids]


class Recorder(Prop):
    """A callback that keeps what it is called with."""

    def __init__(self) -> None:
        self.heard: list[tuple[object, ...]] = []
        """The arguments of each call."""

    def __call__(self, *arguments: object) -> None:
        """Keep the arguments."""
        self.count_call()
        self.heard.append(arguments)


class ScriptedLoss(Prop):
    """A loss that follows a given row, whatever it is called with; the last one repeats."""

    def __init__(self, row: Sequence[float]) -> None:
        self.row = list(row)

    def __call__(self, *arguments: object) -> torch.Tensor:
        """Return the next loss, with a gradient to nothing."""
        loss = self.row[min(self.calls, len(self.row) - 1)]
        self.count_call()
        return torch.tensor(loss, requires_grad=True)


class Reward(Prop):
    """The reward of a sequence of tokens: the sum of what each token is worth."""

    def __init__(self, worth: Sequence[float]) -> None:
        self.worth, self.tokens = list(worth), 0

    def __call__(self, ids: Sequence[int] | torch.Tensor) -> float:
        """Return the reward of one sequence."""
        tokens = ids.tolist() if isinstance(ids, torch.Tensor) else list(ids)
        self.count_call()
        self.tokens += len(tokens)
        return sum(self.worth[token] for token in tokens)


class Encoder(Prop):
    """A tokenizer without special tokens: ``encode(text)`` returns a list of ids.

    Each token is three bytes of the text in UTF-8, the last one perhaps fewer. So two texts that
    are encoded one by one have other ids than the joined text, as with real tokenizers. No id is
    below 256.
    """

    def __init__(self, first: int | None = None) -> None:
        """``first`` is an id that begins every text except an empty one, as in SentencePiece."""
        self.first = first

    def __call__(self, text: str) -> list[int]:
        """Return the ids of a text, none for an empty one."""
        if not isinstance(text, str):
            raise TypeError(f"encode(text) takes a str, not {type(text).__name__}")
        self.count_call()
        given = text.encode("utf-8")
        pieces = [given[place : place + 3] for place in range(0, len(given), 3)]
        ids = [int.from_bytes(b"\1" + piece, "big") for piece in pieces]
        return ids if self.first is None or not ids else [self.first, *ids]


class Cubic(Prop):
    """The function f(x) = sum of w x^3 with its gradient, which is right or wrong by a factor."""

    def __init__(self, weights: torch.Tensor, factor: float = 1.0) -> None:
        self.weights, self.factor = weights, factor
        self.gradient_calls = 0

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Return f(x), of shape ()."""
        self.count_call()
        return (self.weights * x**3).sum()

    def gradient(self, x: torch.Tensor) -> torch.Tensor:
        """Return ``factor`` times the gradient of f at x, of the shape of x."""
        self.gradient_calls += 1
        return self.factor * 3 * self.weights * x**2


class Disk(Prop):
    """A folder of the disk on which the learner's code writes: each change of a file is a call.

    It is called just before Python opens a file in the folder for writing, or renames, removes,
    links or truncates one. The last such prop of a check counts, until the check ends.
    """

    def __init__(self, folder: str, room: int | float | None = None) -> None:
        """With ``room`` a file has room for so many bytes, and only what fails is a call.

        A write beyond them fails with an error, as on a full disk. A float is a share of the
        largest file in the folder.
        """
        self._folder = Path(find_path(folder))
        self._full = room is not None
        self._lost: list[str] = []
        self._replaced: list[str] = []
        self.moved_in = 0
        """How many files were renamed from another folder into this one."""
        if isinstance(room, float):
            room = int(room * max(file.stat().st_size for file in self._folder.iterdir()))
        self.limited = watch_disk(room, self)
        """Whether the system can limit the size of a file; Windows cannot."""

    def change_file(self, event: str, paths: list[str]) -> None:
        """Count a change of a file in the folder."""
        inside = [Path(path).parent == self._folder for path in paths]
        if not any(inside):
            return
        if event in ("os.remove", "os.rename"):
            self._lost.append(paths[0])
        if event == "os.rename":
            self._replaced.append(paths[-1])
            self.moved_in += inside == [False, True]
        if not self._full:
            self.count_call()

    def refuse_write(self) -> None:
        """Count a write that has failed."""
        self.count_call()

    def count_lost(self, path: str) -> int:
        """Return how often this file was removed, or renamed to something else."""
        return self._lost.count(find_path(path))

    def count_replaced(self, path: str) -> int:
        """Return how often another file was renamed to this."""
        return self._replaced.count(find_path(path))

    def count_files(self) -> int:
        """Return how many files are in the folder."""
        return sum(1 for _ in self._folder.iterdir())

    def cut(self, path: str, size: int) -> None:
        """Cut a file after so many bytes; a negative number counts from its end.

        This is no change of the learner's code, and no call.
        """
        full, self._full = self._full, True
        with Path(path).open("r+b") as file:
            file.truncate(size if size >= 0 else file.seek(0, os.SEEK_END) + size)
        self._full = full

    def release(self) -> None:
        """Count no longer, and let files have any size again."""
        release_disk()


class Progress(Prop):
    """Takes the reports of a training run, which the terminal shows while it runs.

    It is called as ``report(step, loss)``, with the number of steps that are done.
    """

    def __init__(self, steps: int) -> None:
        """``steps`` is how many there will be."""
        if not 1 <= operator.index(steps) <= MOST_STEPS:
            raise ValueError(f"a training run has 1 to {MOST_STEPS} steps, not {steps}")
        self.steps = operator.index(steps)
        self.reports: list[tuple[int, float]] = []
        """The step and the loss of each call."""
        self._sent_at = -math.inf

    def __call__(self, step: int, loss: float | torch.Tensor) -> None:
        """Take a report; it goes to the terminal unless another one has just gone there."""
        try:
            done = operator.index(step)
            number = float(loss.detach() if isinstance(loss, torch.Tensor) else loss)
        except (TypeError, ValueError, RuntimeError, OverflowError):
            given = f"{type(step).__name__} and {type(loss).__name__}"
            says = "report(step, loss) takes the number of steps done and one number"
            raise TypeError(f"{says}, not {given}") from None
        self.count_call()
        self.reports.append((done, number))
        now = time.monotonic()
        if now - self._sent_at >= NOTICE_SECONDS:
            self._sent_at = now
            NOTIFIER.notify(StepNotice(min(max(done, 0), self.steps), self.steps, number))
