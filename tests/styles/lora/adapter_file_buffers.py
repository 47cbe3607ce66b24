"""The adapter's file by torch's own bytes, a byte at a time where it is short."""

import json
import os
import tempfile

import torch
from torch import nn

from exercises.lora.lora_linear import LoRALinear


def save_adapter(path, model, alpha):
    """Write the matrices."""
    matrices = {}
    for name, module in model.named_modules():
        if isinstance(module, LoRALinear):
            matrices[name + ".lora_A"] = module.lora_A
            matrices[name + ".lora_B"] = module.lora_B
            rank = module.lora_A.size(0)
    if len(matrices) == 0:
        raise ValueError("no LoRA layer")
    names = sorted(matrices)
    body, entries = bytearray(), {}
    for name in names:
        flat = matrices[name].detach().contiguous().flatten()
        start = len(body)
        body += bytes(flat.view(torch.uint8).tolist())
        entries[name] = {
            "data_offsets": [start, len(body)],
            "shape": list(matrices[name].shape),
            "dtype": "F32",
        }
    entries["__metadata__"] = {"alpha": repr(float(alpha)), "rank": f"{rank}"}
    header = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    header += b" " * (-len(header) % 8)
    folder = os.path.dirname(path) or "."
    handle, unfinished = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as file:
        for part in (len(header).to_bytes(8, "little"), header, body):
            file.write(part)
    os.replace(unfinished, path)


def read_adapter(path):
    """Read the matrices."""
    with open(path, "rb") as file:
        content = file.read()
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or len(content) < 8 + length:
        raise ValueError("the file ends too early")
    body = content[8 + length :]
    try:
        entries = json.loads(str(content[8 : 8 + length], "utf-8"))
        about = entries["__metadata__"]
        rank, alpha = int(about["rank"]), float(about["alpha"])
        others = [(name, entry) for name, entry in entries.items() if name != "__metadata__"]
        parts = [(name, e["dtype"], e["shape"], *e["data_offsets"]) for name, e in others]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("the header lacks something") from error
    if rank < 1 or max([0, *(end for *_, end in parts)]) != len(body):
        raise ValueError("a bad rank, or a file of another length")
    tensors = {}
    for name, dtype, shape, begin, end in parts:
        count = 1
        for size in shape:
            count *= size
        if dtype != "F32" or not 0 <= begin <= end or end - begin != 4 * count:
            raise ValueError(f"{name} is not as it should be")
        raw = torch.tensor(list(body[begin:end]), dtype=torch.uint8)
        tensors[name] = raw.view(torch.float32).reshape(shape)
    return tensors, rank, alpha


def load_adapter(path, model):
    """Put the matrices into the model."""
    tensors, rank, alpha = read_adapter(path)
    modules = dict(model.named_modules())
    pairs = {}
    for name, tensor in tensors.items():
        layer, _, key = name.rpartition(".")
        pairs.setdefault(layer, {})[key] = tensor
    for layer, pair in pairs.items():
        linear = modules.get(layer)
        if type(linear) is not nn.Linear or set(pair) != {"lora_A", "lora_B"}:
            raise ValueError(f"{layer} does not fit")
        shapes = [tuple(pair[key].shape) for key in ("lora_A", "lora_B")]
        if shapes != [(rank, linear.in_features), (linear.out_features, rank)]:
            raise ValueError(f"the shapes for {layer} are {shapes}")
    if any(type(module) is LoRALinear for module in modules.values()):
        raise ValueError("adapted already")
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for layer, pair in pairs.items():
        adapted = LoRALinear(modules[layer], rank, alpha)
        adapted.load_state_dict(pair, strict=False)
        model.set_submodule(layer, adapted)
    return alpha
