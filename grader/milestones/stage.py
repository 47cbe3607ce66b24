"""What a milestone's program is given: its settings, and the ways to report and to keep."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import torch

from grader.base.errors import UsageError
from grader.base.files import write_file
from grader.base.paths import find_user_cache
from grader.milestones.conversation import AskingChannel
from grader.milestones.run import Settings
from grader.openmodel import SMOLLM2, describe_missing_package, find_file
from grader.openmodel.greedy import decode_greedily

if TYPE_CHECKING:
    from grader.openmodel.gguf_file import GgufFile

PROGRESS_SECONDS = 0.1
"""Progress is reported no more often than this."""


class Stage:
    """The surroundings of one run; ``curriculum/milestones`` uses nothing else of the tool."""

    def __init__(
        self,
        channel: AskingChannel,
        root: Path,
        folder: Path,
        settings: Settings,
        hashes: Mapping[str, str],
    ) -> None:
        """``hashes`` names the exercises that have been loaded; it grows as more are."""
        self.settings = settings
        self.data = root / "curriculum" / "data"
        """The course's texts."""
        self._channel, self._folder = channel, folder
        self._reported, self._hashes = 0.0, hashes

    def say(self, text: str) -> None:
        """Show a line."""
        self._channel.send(event="line", text=text)

    def write(self, text: str) -> None:
        """Show a piece of a text, without a line's end."""
        self._channel.send(event="piece", text=text)

    def ask(self) -> str:
        """Return the next text of the learner's, who is asked for it; empty at the end."""
        return self._channel.ask()

    def measure(self, name: str, value: float) -> None:
        """Report what was measured; it is kept in the record under this name."""
        self._channel.send(event="figure", name=name, value=value)

    def resume(self, step: int) -> None:
        """Report that a run which was stopped goes on after this step."""
        self._channel.send(event="continued", step=step)

    def report(
        self, step: int, steps: int, loss: float, tokens_per_second: float, seconds_left: float
    ) -> None:
        """Report how far the training is; most calls are passed over."""
        now = time.monotonic()
        if now - self._reported < PROGRESS_SECONDS and step < steps:
            return
        self._reported = now
        self._channel.send(
            event="progress",
            step=step,
            steps=steps,
            loss=loss,
            tokens_per_second=tokens_per_second,
            seconds_left=seconds_left,
        )

    def name_parts(self) -> None:
        """Report which exercises have been loaded so far."""
        self._channel.send(event="parts", hashes=dict(self._hashes))

    def evaluate(self, step: int, seconds: float, train: float, valid: float, sample: str) -> None:
        """Report an evaluation, once its checkpoint is kept."""
        self.name_parts()
        self._channel.send(
            event="evaluation", step=step, seconds=seconds, train=train, valid=valid, sample=sample
        )

    def reach(self, reached: bool, why: str) -> None:
        """Say whether what the milestone asks for was shown, and why, and which exercises ran."""
        self.name_parts()
        self._channel.send(event="reached", reached=reached, why=why)

    def refuse(self, why: str) -> NoReturn:
        """End the run with a sentence: what was asked for cannot be had."""
        raise UsageError(why)

    def find_open_model(self) -> Path | None:
        """Return where the open model's file is; None where it is not downloaded."""
        return find_file(SMOLLM2, find_user_cache())

    def open_model(self) -> GgufFile | None:
        """Return the open model's file; None where it is not downloaded.

        Raise ``UsageError``, which says what to install, where the package that reads it is absent.
        """
        if missing := describe_missing_package():
            raise UsageError(missing)
        path = self.find_open_model()
        if path is None:
            return None
        from grader.openmodel.gguf_file import GgufFile  # only with the package gguf

        return GgufFile(path)

    def answer(self, model: Any, file: GgufFile, question: str, tokens: int) -> Iterator[str]:
        """Yield the greedy answer of a model that was loaded from the file, piece by piece."""
        return decode_greedily(model, file.read_tokenizer(), question, tokens)

    def keep(self, name: str, state: dict[str, Any]) -> None:
        """Write tensors and plain data to a file, whole or not at all, and flush it to the disk."""
        buffer = io.BytesIO()
        torch.save(state, buffer)
        write_file(self._folder / f"{name}.pt", buffer.getvalue())

    def recall(self, name: str) -> dict[str, Any] | None:
        """Return what was kept under this name; None where there is nothing that can be read.

        Only tensors and plain data are loaded (``weights_only``): a file never runs code.
        """
        path = self._folder / f"{name}.pt"
        try:
            state = torch.load(path, weights_only=True)
        except FileNotFoundError:
            return None
        except Exception as error:  # torch raises many types for a file that is none of its own
            self.say(f"{path} cannot be read ({type(error).__name__}); beginning anew.")
            return None
        return state if isinstance(state, dict) else None

    def save_optimizer(self, optimizer: Any) -> list[Any] | None:
        """Return what the optimizer knows of each parameter, or None where it does not show it.

        Optimizers of PyTorch's, and the reference, keep it in the dict ``state``, by parameter.
        """
        state = getattr(optimizer, "state", None)
        if not isinstance(state, dict):
            return None
        return [state.get(w) for group in optimizer.param_groups for w in group["params"]]

    def load_optimizer(self, optimizer: Any, kept: list[Any] | None) -> None:
        """Give the optimizer back what it knew; without that its averages begin anew."""
        state = getattr(optimizer, "state", None)
        if kept is not None and isinstance(state, dict):
            weights = [w for group in optimizer.param_groups for w in group["params"]]
            state.update((w, known) for w, known in zip(weights, kept, strict=True) if known)
