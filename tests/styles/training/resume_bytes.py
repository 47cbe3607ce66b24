"""Checkpoint made in memory first, checked part by part; a class has the loop."""

import io
import pathlib

import torch

from exercises.training.train_step import train_step

PARTS = {"weights", "updates", "done", "draws"}


def save_checkpoint(path, model, optimizer, step, generator):
    """Save."""
    buffer = io.BytesIO()
    parts = (model.state_dict(), optimizer.state_dict(), step, generator.get_state())
    torch.save(dict(zip(("weights", "updates", "done", "draws"), parts, strict=True)), buffer)
    file = pathlib.Path(path)
    hidden = file.with_name(f".{file.name}.new")
    hidden.write_bytes(buffer.getvalue())
    hidden.rename(file)


def _read(path):
    try:
        found = torch.load(io.BytesIO(path.read_bytes()), weights_only=True, map_location="cpu")
    except Exception:
        found = None
    if not isinstance(found, dict) or set(found) != PARTS:
        raise ValueError("not a checkpoint")
    return found


def load_checkpoint(path, model, optimizer, generator):
    """Load."""
    if not pathlib.Path(path).is_file():
        return 0
    found = _read(pathlib.Path(path))
    want = [(name, tuple(t.shape)) for name, t in sorted(model.state_dict().items())]
    if want != [(name, tuple(t.shape)) for name, t in sorted(found["weights"].items())]:
        raise ValueError("a checkpoint of another model")
    model.load_state_dict(found["weights"], strict=True)
    optimizer.load_state_dict(found["updates"])
    generator.set_state(found["draws"])
    return found["done"]


class _Run:
    def __init__(self, model, optimizer, path, seed):
        self.model, self.optimizer, self.path = model, optimizer, path
        self.generator = torch.Generator().manual_seed(seed)
        self.done = load_checkpoint(path, model, optimizer, self.generator)

    def draw(self, train, batch, context):
        starts = [
            int(torch.randint(len(train) - context, (), generator=self.generator))
            for _ in range(batch)
        ]
        rows = torch.stack([train[start : start + context + 1] for start in starts])
        return rows[:, :-1], rows[:, 1:]

    def save(self):
        save_checkpoint(self.path, self.model, self.optimizer, self.done, self.generator)


def train_resumable(
    model, optimizer, train, *, path, rates, batch, context, max_norm, save_every, seed, report=None
):
    """Train."""
    if train.numel() < context + 1:
        raise ValueError("the text is too short")
    run = _Run(model, optimizer, path, seed)
    model.train()
    for rate in rates[run.done :]:
        inputs, targets = run.draw(train, batch, context)
        loss, _ = train_step(model, optimizer, inputs, targets, rate, max_norm)
        run.done += 1
        if report is not None:
            report(run.done, loss)
        if run.done % save_every == 0:
            run.save()
    if run.done % save_every:
        run.save()
