"""The adapter's file with struct alone, number by number."""

import json
import math
import os
import struct

import torch
from torch import nn

from exercises.lora.inject import inject
from exercises.lora.lora_linear import LoRALinear


def save_adapter(path, model, alpha):
    """Write the matrices."""
    found = [(name, m) for name, m in model.named_modules() if isinstance(m, LoRALinear)]
    if not found:
        raise ValueError("no LoRA layer")
    numbers, header = [], {}
    for key in ("lora_B", "lora_A"):
        for name, module in found:
            matrix = getattr(module, key)
            begin = 4 * len(numbers)
            numbers += [number for row in matrix.tolist() for number in row]
            header[name + "." + key] = {
                "dtype": "F32",
                "shape": [len(matrix), len(matrix[0])],
                "data_offsets": [begin, 4 * len(numbers)],
            }
    about = {"rank": str(len(found[0][1].lora_A)), "alpha": str(float(alpha))}
    text = json.dumps({**header, "__metadata__": about}, indent=1).encode()
    parts = struct.pack(f"<Q{len(text)}s{len(numbers)}f", len(text), text, *numbers)
    new = f"{path}.{os.getpid()}.new"
    try:
        with open(new, "wb") as file:
            file.write(parts)
        os.rename(new, path)
    except BaseException:
        if os.path.exists(new):
            os.remove(new)
        raise


def _need(condition):
    if not condition:
        raise ValueError("this is no adapter")


def read_adapter(path):
    """Read the matrices."""
    with open(path, "rb") as file:
        content = file.read()
    _need(len(content) >= 8)
    (length,) = struct.unpack("<Q", content[:8])
    _need(length <= len(content) - 8)
    header = json.loads(content[8 : 8 + length].decode())
    _need(isinstance(header, dict))
    about = header.get("__metadata__")
    _need(isinstance(about, dict) and "rank" in about and "alpha" in about)
    rank, alpha = int(about["rank"]), float(about["alpha"])
    _need(rank >= 1)
    tensors, ends = {}, [0]
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        _need(isinstance(entry, dict) and {"dtype", "shape", "data_offsets"} <= set(entry))
        shape, (begin, end) = entry["shape"], entry["data_offsets"]
        count = math.prod(shape)
        _need(entry["dtype"] == "F32" and begin >= 0 and end == begin + 4 * count)
        _need(8 + length + end <= len(content))
        # As whole numbers: a Python float would change the bits of some NaN.
        words = struct.unpack_from(f"<{count}i", content, 8 + length + begin)
        tensors[name] = torch.tensor(words, dtype=torch.int32).view(torch.float32).reshape(shape)
        ends.append(end)
    _need(8 + length + max(ends) == len(content))
    return tensors, rank, alpha


def load_adapter(path, model):
    """Put the matrices into the model."""
    tensors, rank, alpha = read_adapter(path)
    layers = {}
    for name in tensors:
        layer, dot, key = name.rpartition(".")
        _need(dot and key in ("lora_A", "lora_B"))
        layers.setdefault(layer, set()).add(key)
    for layer, keys in layers.items():
        _need(len(keys) == 2)
        linear = dict(model.named_modules()).get(layer)
        _need(isinstance(linear, nn.Linear))
        _need(tensors[f"{layer}.lora_A"].shape == (rank, linear.weight.shape[1]))
        _need(tensors[f"{layer}.lora_B"].shape == (linear.weight.shape[0], rank))
    named = dict(model.named_modules())
    # A layer whose path ends with another's would be adapted too: put back what was too much.
    inject(model, list(layers), rank, alpha)
    for path_, module in list(model.named_modules()):
        if isinstance(module, LoRALinear) and path_ not in layers:
            model.set_submodule(path_, named[path_])
    with torch.no_grad():
        for name, tensor in tensors.items():
            layer, _, key = name.rpartition(".")
            getattr(model.get_submodule(layer), key).copy_(tensor)
    return alpha
