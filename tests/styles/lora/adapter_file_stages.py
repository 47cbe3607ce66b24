"""The adapter's file in small stages, with a class for an entry."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from exercises.lora.lora_linear import LoRALinear

KEYS = ("lora_A", "lora_B")


@dataclass
class Entry:
    """One tensor of a file."""

    shape: list
    begin: int
    end: int

    @classmethod
    def parse(cls, data):
        """Return the entry of a part of the header."""
        try:
            if data["dtype"] != "F32":
                raise ValueError(data["dtype"])
            begin, end = data["data_offsets"]
            entry = cls(data["shape"], begin, end)
            if begin < 0 or end - begin != 4 * int(np.prod(entry.shape, dtype=np.int64)):
                raise ValueError(f"offsets {begin} and {end} for {entry.shape}")
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("not an entry") from error
        return entry

    def cut(self, data):
        """Return the tensor."""
        if self.end > len(data):
            raise ValueError("the file ends too early")
        part = np.frombuffer(
            data, dtype="<f4", count=(self.end - self.begin) // 4, offset=self.begin
        )
        return torch.from_numpy(part.astype("=f4").reshape(self.shape))


def save_adapter(path, model, alpha):
    """Write the matrices."""
    state = {}
    for name, module in model.named_modules():
        if isinstance(module, LoRALinear):
            state.update({f"{name}.{key}": getattr(module, key).detach() for key in KEYS})
    if not state:
        raise ValueError("no LoRA layer")
    rank = next(t.shape[0] for n, t in state.items() if n.endswith("lora_A"))
    chunks = [np.ascontiguousarray(t.numpy(), dtype="<f4").tobytes() for t in state.values()]
    ends = np.cumsum([len(chunk) for chunk in chunks]).tolist()
    begins = [0, *ends[:-1]]
    header = {"__metadata__": {"alpha": str(float(alpha)), "rank": str(int(rank))}}
    for (name, tensor), begin, end in zip(state.items(), begins, ends, strict=True):
        header[name] = {"dtype": "F32", "shape": [*tensor.shape], "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    new = Path(path).with_name(Path(path).name + "~")
    new.write_bytes(np.array(len(text), dtype="<u8").tobytes() + text + b"".join(chunks))
    os.replace(new, path)


def read_adapter(path):
    """Read the matrices."""
    content = memoryview(Path(path).read_bytes())
    if len(content) < 8:
        raise ValueError("shorter than a length")
    length = int(np.frombuffer(content[:8], "<u8")[0])
    text, data = bytes(content[8 : 8 + length]), content[8 + length :]
    if len(text) != length:
        raise ValueError("shorter than its header")
    header = json.loads(text.decode("utf-8"))
    if not isinstance(header, dict) or not isinstance(header.get("__metadata__"), dict):
        raise ValueError("no header, or one without metadata")
    about = {"rank": "", "alpha": ""} | header.pop("__metadata__")
    rank, alpha = int(about["rank"]), float(about["alpha"])
    entries = {name: Entry.parse(part) for name, part in header.items()}
    if rank < 1 or max((entry.end for entry in entries.values()), default=0) != len(data):
        raise ValueError("the header and the numbers differ")
    return {name: entry.cut(data) for name, entry in entries.items()}, rank, alpha


def load_adapter(path, model):
    """Put the matrices into the model."""
    tensors, rank, alpha = read_adapter(path)
    if sum(isinstance(module, LoRALinear) for module in model.modules()):
        raise ValueError("adapted already")
    left, new = dict(tensors), {}
    for path_, module in model.named_modules():
        if isinstance(module, nn.Linear) and f"{path_}.lora_A" in left:
            A, B = (left.pop(f"{path_}.{key}", torch.empty(0)) for key in KEYS)
            rows, columns = module.weight.shape
            if A.shape != (rank, columns) or B.shape != (rows, rank):
                raise ValueError(f"{path_}: {A.shape}, {B.shape}")
            new[path_] = (module, A, B)
    if left:
        raise ValueError(f"foreign tensors: {list(left)}")
    model.requires_grad_(False)
    for path_, (module, A, B) in new.items():
        layer = LoRALinear(module, rank, alpha)
        layer.lora_A, layer.lora_B = nn.Parameter(A), nn.Parameter(B)
        model.set_submodule(path_, layer)
    return alpha
