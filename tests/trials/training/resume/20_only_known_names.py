# wrong: weights of the file which the model lacks are ignored | violates: ``ValueError`` [...] is the checkpoint of a model whose ``state_dict()`` has other names or other shapes
import copy
import json
import math
import os
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

from exercises.training.train_step import train_step

# The file: one line "CKPT <crc32> <length>", then <length> bytes: one line of JSON, the tensors' bytes.


def _pack(value: Any, blobs: list[bytes]) -> list:
    if isinstance(value, torch.Tensor):
        flat = value.detach().cpu().reshape(-1).clone().view(torch.uint8)
        raw = bytearray(flat.numel())
        if raw:
            torch.frombuffer(raw, dtype=torch.uint8).copy_(flat)
        blobs.append(bytes(raw))
        return ["tensor", str(value.dtype).removeprefix("torch."), list(value.shape), len(raw)]
    if isinstance(value, dict):
        return ["dict", [[_pack(k, blobs), _pack(v, blobs)] for k, v in value.items()]]
    if isinstance(value, tuple):
        return ["tuple", [_pack(v, blobs) for v in value]]
    if isinstance(value, list):
        return ["list", [_pack(v, blobs) for v in value]]
    if isinstance(value, float):
        return ["float", value.hex()]
    if value is None or isinstance(value, bool | int | str):
        return ["plain", value]
    if isinstance(value, complex):
        return ["complex", value.real.hex(), value.imag.hex()]
    raise TypeError(f"cannot save a {type(value).__name__}")


def _unpack(node: list, data: memoryview, at: list[int]) -> Any:
    kind = node[0]
    if kind == "tensor":
        _, dtype, shape, size = node
        dtype = getattr(torch, dtype)
        raw = bytearray(data[at[0] : at[0] + size])
        at[0] += size
        return torch.frombuffer(raw, dtype=dtype).reshape(shape) if raw else torch.empty(shape, dtype=dtype)
    if kind == "dict":
        return {_unpack(k, data, at): _unpack(v, data, at) for k, v in node[1]}
    if kind == "tuple":
        return tuple(_unpack(v, data, at) for v in node[1])
    if kind == "list":
        return [_unpack(v, data, at) for v in node[1]]
    if kind == "float":
        return float.fromhex(node[1])
    if kind == "complex":
        return complex(float.fromhex(node[1]), float.fromhex(node[2]))
    return node[1]


def save_checkpoint(
    path: str, model: nn.Module, optimizer: Any, step: int, generator: torch.Generator
) -> None:
    blobs: list[bytes] = []
    parts = [step, dict(model.state_dict()), optimizer.state_dict(), generator.get_state()]
    text = json.dumps(_pack(parts, blobs)).encode()
    body = b"".join([text, b"\n", *blobs])
    target = Path(path)
    # a short name: the file's own may already have the greatest length
    beside = target.parent / f".part-{zlib.crc32(os.fsencode(target.name)):08x}"
    with beside.open("wb") as file:
        file.write(f"CKPT {zlib.crc32(body)} {len(body)}\n".encode())
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, target)


def _read(data: bytes) -> list:
    try:
        first, body = data.split(b"\n", 1)
        if first != f"CKPT {zlib.crc32(body)} {len(body)}".encode():
            raise ValueError("checksum or length")
        text, _ = body.split(b"\n", 1)
        step, weights, averages, draws = _unpack(json.loads(text), memoryview(body), [len(text) + 1])
        torch.Generator().set_state(draws)
        return [int(step), dict(weights), averages, draws]
    except Exception as error:
        raise ValueError(f"no checkpoint, or only a part of one: {error}") from error


def load_checkpoint(path: str, model: nn.Module, optimizer: Any, generator: torch.Generator) -> int:
    if not os.path.exists(path):
        return 0
    step, weights, averages, draws = _read(Path(path).read_bytes())
    own = model.state_dict()
    if not own.keys() <= weights.keys():
        raise ValueError("other names of weights")
    for name in own:
        if own[name].shape != weights[name].shape:
            raise ValueError(f"another shape of {name}")
    backup = copy.deepcopy(optimizer.state_dict())
    try:
        optimizer.load_state_dict(averages)
    except Exception as error:
        optimizer.load_state_dict(backup)
        raise ValueError("another optimizer") from error
    if isinstance(optimizer, torch.optim.Optimizer):
        order = [p for group in optimizer.param_groups for p in group["params"]]
        for key, values in averages["state"].items():
            if isinstance(key, int):
                for name, value in values.items():
                    optimizer.state[order[key]][name] = value
    with torch.no_grad():
        for name, tensor in own.items():
            tensor.copy_(weights[name])
    generator.set_state(draws)
    return step


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
    n = train.shape[0]
    if n <= context:
        raise ValueError(f"{n} tokens have no window of {context} and its targets")
    generator = torch.Generator()
    generator.manual_seed(seed)
    s = load_checkpoint(path, model, optimizer, generator)
    while s < len(rates):
        s += 1
        starts = torch.randint(0, n - context, (batch,), generator=generator).tolist()
        x = torch.stack([train[i : i + context] for i in starts])
        y = torch.stack([train[i + 1 : i + context + 1] for i in starts])
        model.train()
        loss, _norm = train_step(model, optimizer, x, y, rates[s - 1], max_norm)
        if report:
            report(s, float(loss))
        if s == len(rates) or s % save_every == 0:
            save_checkpoint(path, model, optimizer, s, generator)
