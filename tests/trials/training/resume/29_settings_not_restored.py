# wrong: only the optimizer's averages are restored, its settings stay | violates: all that the optimizer has stored, its settings included
import contextlib
import copy
import os
import uuid
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from exercises.training.train_step import train_step

KEYS = {"resume_format", "model", "optimizer", "step", "generator"}


def save_checkpoint(
    path: str, model: nn.Module, optimizer: Any, step: int, generator: torch.Generator
) -> None:
    state = {
        "resume_format": 1,
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "step": step,
        "generator": generator.get_state(),
    }
    tmp = Path(path).parent / f"{uuid.uuid4().hex}.tmp"
    try:
        with open(tmp, "wb") as f:
            torch.save(state, f)
        os.replace(tmp, path)
    finally:
        with contextlib.suppress(OSError):
            tmp.unlink()


def read_state(path: str) -> dict[str, Any]:
    try:
        # torch.save writes a zip archive: its checksums tell whether all of it is there
        with zipfile.ZipFile(path) as archive:
            if archive.testzip() is not None:
                raise ValueError("damaged")
        with open(path, "rb") as f:
            f.seek(-22, os.SEEK_END)
            if f.read(4) != b"PK\x05\x06":
                raise ValueError("something follows the archive")
        state = torch.load(path, map_location="cpu", weights_only=True)
        if set(state) != KEYS or state["resume_format"] != 1 or type(state["step"]) is not int:
            raise ValueError("other content")
        shapes = {k: v.shape for k, v in state["model"].items()}
        torch.Generator().set_state(state["generator"])
    except Exception as e:
        raise ValueError(f"{path} is not a complete checkpoint") from e
    return state | {"shapes": shapes}


def load_checkpoint(path: str, model: nn.Module, optimizer: Any, generator: torch.Generator) -> int:
    if not os.path.exists(path):
        return 0
    state = read_state(path)
    if state["shapes"] != {k: v.shape for k, v in model.state_dict().items()}:
        raise ValueError("checkpoint of a different model")
    old = copy.deepcopy(optimizer.state_dict())
    try:
        load_optimizer(optimizer, state["optimizer"])
    except Exception as e:
        optimizer.load_state_dict(old)
        raise ValueError("checkpoint of a different optimizer") from e
    model.load_state_dict(state["model"])
    generator.set_state(state["generator"])
    return state["step"]


def load_optimizer(optimizer: Any, saved: dict[str, Any]) -> None:
    if "param_groups" in saved:
        saved = {**saved, "param_groups": optimizer.state_dict()["param_groups"]}
    optimizer.load_state_dict(saved)
    if isinstance(optimizer, torch.optim.Optimizer):
        # undo the casts to the parameters' dtype
        params = [p for g in optimizer.param_groups for p in g["params"]]
        for i, entry in saved["state"].items():
            if isinstance(i, int):
                optimizer.state[params[i]].update(entry)


def draw_batch(train, batch, context, generator):
    ix = torch.randint(len(train) - context, (batch,), generator=generator)
    windows = train.unfold(0, context + 1, 1)[ix]
    return windows[:, :-1].contiguous(), windows[:, 1:].contiguous()


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
    if len(train) <= context:
        raise ValueError("train must have more than context tokens")
    generator = torch.Generator().manual_seed(seed)
    start = load_checkpoint(path, model, optimizer, generator)
    for s, rate in enumerate(rates, start=1):
        if s <= start:
            continue
        model.train()
        x, y = draw_batch(train, batch, context, generator)
        loss, _ = train_step(model, optimizer, x, y, rate, max_norm)
        if s % save_every == 0 or s == len(rates):
            save_checkpoint(path, model, optimizer, s, generator)
        if report is not None:
            report(s, float(loss))
