"""Checkpoint as a NumPy archive of bytes and JSON, in a temporary file, with a checksum."""

import hashlib
import json
import os
import tempfile

import numpy as np
import torch

from exercises.training.train_step import train_step


def _raw(tensor):
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes().hex()


def _freeze(thing):
    if isinstance(thing, torch.Tensor):
        return {"tensor": [str(thing.dtype)[6:], list(thing.shape), _raw(thing)]}
    if isinstance(thing, dict):
        return {"dict": [[_freeze(key), _freeze(entry)] for key, entry in thing.items()]}
    if isinstance(thing, (list, tuple)):
        return {type(thing).__name__: [_freeze(entry) for entry in thing]}
    return {"plain": thing}


def _melt(thing):
    ((kind, content),) = thing.items()
    if kind == "tensor":
        dtype, shape, data = content
        flat = torch.from_numpy(np.frombuffer(bytes.fromhex(data), dtype=np.uint8).copy())
        return flat.view(getattr(torch, dtype)).reshape(shape)
    if kind == "dict":
        return {_melt(key): _melt(entry) for key, entry in content}
    if kind in ("list", "tuple"):
        return {"list": list, "tuple": tuple}[kind](_melt(entry) for entry in content)
    return content


def save_checkpoint(path, model, optimizer, step, generator):
    """Save."""
    parts = [dict(model.state_dict()), optimizer.state_dict(), step, generator.get_state()]
    text = json.dumps(_freeze(parts)).encode()
    handle, name = tempfile.mkstemp(dir=os.path.dirname(path) or ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(text).digest() + text)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def load_checkpoint(path, model, optimizer, generator):
    """Load."""
    try:
        with open(path, "rb") as file:
            digest, text = file.read(32), file.read()
    except FileNotFoundError:
        return 0
    if hashlib.sha256(text).digest() != digest:
        raise ValueError("the checkpoint is broken")
    weights, averages, step, drawn = _melt(json.loads(text))
    mine = model.state_dict()
    if mine.keys() != weights.keys():
        raise ValueError("other names")
    for name in mine:
        if mine[name].shape != weights[name].shape:
            raise ValueError(f"another shape: {name}")
    with torch.no_grad():
        for name in mine:
            mine[name].copy_(weights[name])
    optimizer.load_state_dict(averages)
    generator.set_state(drawn)
    return step


def train_resumable(
    model, optimizer, train, *, path, rates, batch, context, max_norm, save_every, seed, report=None
):
    """Train."""
    windows = train.unfold(0, context + 1, 1) if len(train) > context else []
    if len(windows) == 0:
        raise ValueError("no window")
    generator = torch.Generator()
    generator.manual_seed(seed)
    step = load_checkpoint(path, model, optimizer, generator)
    model.train(True)
    while step < len(rates):
        rows = windows[torch.randint(0, len(windows), (batch,), generator=generator)]
        loss, _ = train_step(model, optimizer, rows[:, :-1], rows[:, 1:], rates[step], max_norm)
        step += 1
        if step % save_every == 0 or step == len(rates):
            save_checkpoint(path, model, optimizer, step, generator)
        if report:
            report(step, loss)
