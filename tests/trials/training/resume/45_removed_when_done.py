# wrong: the checkpoint is deleted when the run is complete | violates: A checkpoint is written [...] after step S
import copy
import hashlib
import io
import os
import pickle
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from exercises.training.train_step import train_step


@dataclass
class Snapshot:
    """All that the next step reads."""

    step: int
    weights: dict[str, torch.Tensor]
    averages: dict[str, Any]
    draws: torch.Tensor

    @classmethod
    def take(cls, model, optimizer, step, generator):
        weights = {name: t.detach().clone() for name, t in model.state_dict().items()}
        return cls(int(step), weights, copy.deepcopy(optimizer.state_dict()), generator.get_state())

    def write(self, path: Path) -> None:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix="ck", delete=False) as file:
            try:
                memory = io.BytesIO()
                torch.save([self.step, self.weights, self.averages, self.draws], memory)
                file.write(memory.getvalue())
                file.write(hashlib.blake2b(memory.getvalue(), person=b"run state").digest())
                file.close()
                os.rename(file.name, path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

    @classmethod
    def read(cls, path: Path):
        data = path.read_bytes()
        body, digest = data[:-64], data[-64:]
        if hashlib.blake2b(body, person=b"run state").digest() != digest:
            raise ValueError(f"{path}: not a checkpoint, or not all of it")
        try:
            return cls(*torch.load(io.BytesIO(body), weights_only=True))
        except (RuntimeError, TypeError, pickle.UnpicklingError, EOFError) as error:
            raise ValueError(f"{path}: not a checkpoint") from error

    def fits(self, model: nn.Module) -> bool:
        own = model.state_dict()
        return own.keys() == self.weights.keys() and all(
            own[name].shape == tensor.shape for name, tensor in self.weights.items()
        )

    def apply(self, model, optimizer, generator) -> None:
        optimizer.load_state_dict(self.averages)
        if isinstance(optimizer, torch.optim.Optimizer):
            everything = sum((group["params"] for group in optimizer.param_groups), [])
            for number, parameter in enumerate(everything):
                if number in self.averages["state"]:
                    optimizer.state[parameter].update(self.averages["state"][number])
        generator.set_state(self.draws)
        model.load_state_dict(self.weights)


def save_checkpoint(
    path: str, model: nn.Module, optimizer: Any, step: int, generator: torch.Generator
) -> None:
    Snapshot.take(model, optimizer, step, generator).write(Path(path))


def load_checkpoint(path: str, model: nn.Module, optimizer: Any, generator: torch.Generator) -> int:
    if not Path(path).exists():
        return 0
    snapshot = Snapshot.read(Path(path))
    if not snapshot.fits(model):
        raise ValueError(f"{path} belongs to another model")
    before = Snapshot.take(model, optimizer, 0, generator)
    try:
        snapshot.apply(model, optimizer, generator)
    except Exception as error:
        before.apply(model, optimizer, generator)
        raise ValueError(f"{path} does not fit") from error
    return snapshot.step


def _batches(train, batch, context, generator):
    """Windows without end; each is drawn only when it is asked for."""
    while True:
        rows = []
        for _ in range(batch):
            start = int(torch.randint(len(train) - context, (1,), generator=generator))
            rows.append(train[start : start + context + 1])
        rows = torch.stack(rows)
        yield rows[:, :context], rows[:, 1:]


def train_resumable(
    model: nn.Module,
    optimizer: Any,
    train: torch.Tensor,
    *,
    path: str,
    rates: Sequence[float],
    batch: int,
    context: int,
    max_norm: float,
    save_every: int,
    seed: int,
    report: Callable[[int, float], object] | None = None,
) -> None:
    if train.numel() < context + 1:
        raise ValueError("no room for one window")
    generator = torch.Generator().manual_seed(seed)
    first = load_checkpoint(path, model, optimizer, generator)
    left = list(rates)[first:]
    numbers = range(first + 1, first + 1 + len(left))
    for number, rate, (x, y) in zip(numbers, left, _batches(train, batch, context, generator)):
        model.train()
        loss, _ = train_step(model, optimizer, x, y, rate, max_norm)
        if number % save_every == 0 or number == len(rates):
            save_checkpoint(path, model, optimizer, number, generator)
        if report is not None:
            report(number, float(loss))
    if left:
        Path(path).unlink()
