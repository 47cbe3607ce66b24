# wrong: copies the complete file over the old one | violates: The file at ``path`` is replaced in one moment by a new one that is complete.
"""A file that has the LoRA matrices alone, in the safetensors format, and fits a fresh base."""

import shutil
import json
import math
import os
import struct
from pathlib import Path

import numpy as np
import torch
from torch import nn

from exercises.lora.lora_linear import LoRALinear


def save_adapter(path: str, model: nn.Module, alpha: float) -> None:
    """Write the LoRA matrices of a model to a file, and nothing else of the model.

    The format is safetensors. A file of N + 8 + M bytes has

        bytes 0 to 7            N, an unsigned integer of 64 bits, little-endian
        bytes 8 to N + 7        the header, a JSON object in UTF-8
        bytes N + 8 to the end  M bytes: the numbers of all tensors, one tensor behind the other

    The numbers of a tensor stand row by row, each as a float32 in 4 bytes, little-endian.

    For each ``LoRALinear`` with the path PATH, its name in ``model.named_modules()``, the header
    has two entries, ``PATH.lora_A`` and ``PATH.lora_B``. The value says the type, the shape, and
    where the tensor begins and ends among the M bytes (the end is the first byte behind it):

        "blocks.3.up.lora_A": {"dtype": "F32", "shape": [8, 64], "data_offsets": [0, 2048]}

    One more entry is for what belongs to all layers, and its values are strings:

        "__metadata__": {"rank": "8", "alpha": "16.0"}

    The rank is written in decimal digits, and alpha so that ``float`` makes the same number of it.
    The header has no other entries. The order of its entries, the order of the tensors, and spaces
    in the JSON text or behind it, which N counts, are your decision. The tensors fill the M bytes
    without gaps.

    The file at ``path`` is replaced in one moment by a new one that is complete. So if the process
    is killed while it writes, or the disk is full, a whole file is still there: the old one or the
    new one, and if there was none, a whole one or none. If writing fails, the error is raised. All
    other files that the function writes are in the same folder, and after a successful call none of
    them is left. The model does not change.

    Args:
        path: the file, in a folder that exists. Its name has at most 200 characters; an existing
            file is replaced.
        model: any module that contains a ``LoRALinear`` at any depth, else ``ValueError``, and no
            file is written; it is not one itself. All of them have the same rank; their matrices
            are float32, of any memory layout. Names may contain any letters.
        alpha: the one with which the LoRA layers were created; any finite float.

    Not to be used: the library safetensors. Source: its page, section "Format".
    """
    layers = {path: m for path, m in model.named_modules() if isinstance(m, LoRALinear)}
    if not layers:
        raise ValueError("the model has no LoRA layers")
    rank = next(iter(layers.values())).lora_A.shape[0]
    header = {"__metadata__": {"rank": str(rank), "alpha": repr(float(alpha))}}
    numbers = bytearray()
    for layer_path, layer in layers.items():
        for name in ("lora_A", "lora_B"):
            tensor = getattr(layer, name).detach().cpu().numpy()
            begin = len(numbers)
            numbers += tensor.astype("<f4").tobytes()
            header[f"{layer_path}.{name}"] = {
                "dtype": "F32",
                "shape": list(tensor.shape),
                "data_offsets": [begin, len(numbers)],
            }
    text = json.dumps(header).encode("utf-8")
    target = Path(path)
    other = target.parent / f"{target.name[:40]}.{os.getpid()}.new"
    try:
        with open(other, "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text + numbers)
        shutil.copyfile(other, target)
        other.unlink()
    except BaseException:
        other.unlink(missing_ok=True)
        raise


def read_adapter(path: str) -> tuple[dict[str, torch.Tensor], int, float]:
    """Read a file in the format of ``save_adapter``, whoever has written it.

    Any order of the entries and of the tensors is read, and any spaces in the JSON text or behind
    it. Entries of ``__metadata__`` besides rank and alpha are ignored. The names of the tensors may
    be any, for it is ``load_adapter`` that compares them with a model.

    ``ValueError`` is raised if the file

        - ends before the last tensor does, or has bytes behind the last tensor
        - has no JSON object as its header
        - has a tensor whose dtype is not "F32"
        - has a tensor whose end minus its beginning is not 4 bytes for each number of its shape, or
          whose beginning is negative
        - has no "__metadata__" with a rank that ``int`` reads as 1 or more, and an alpha that
          ``float`` reads

    It need not be noticed if tensors overlap or leave gaps between them, or if the header is wrong
    in another way.

    Args:
        path: the file. If there is none, the error of ``open`` is raised.

    Returns:
        A dict from the name of each tensor to the tensor: float32, new memory, bit for bit the
        numbers in the file; then the rank, an int; then alpha, a float.
    """
    data = Path(path).read_bytes()
    if len(data) < 8:
        raise ValueError("the file has less than 8 bytes")
    (length,) = struct.unpack("<Q", data[:8])
    if length > len(data) - 8:
        raise ValueError("the file ends within its header")
    header = json.loads(data[8 : 8 + length].decode("utf-8"))
    if not isinstance(header, dict):
        raise ValueError("the header is no JSON object")
    try:
        metadata = header.pop("__metadata__")
        rank, alpha = int(metadata["rank"]), float(metadata["alpha"])
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"no rank and alpha: {error}") from error
    if rank < 1:
        raise ValueError(f"the rank is {rank}")
    numbers = data[8 + length :]
    tensors, last = {}, 0
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{name} has the dtype {entry['dtype']}")
        begin, end = entry["data_offsets"]
        if begin < 0 or end - begin != 4 * math.prod(entry["shape"]):
            raise ValueError(f"{name}: the offsets do not fit the shape")
        if end > len(numbers):
            raise ValueError(f"the file ends before {name} does")
        stored = np.frombuffer(numbers[begin:end], dtype="<f4").astype(np.float32)
        tensors[name] = torch.from_numpy(stored).reshape(entry["shape"])
        last = max(last, end)
    if last != len(numbers):
        raise ValueError("there are bytes behind the last tensor")
    return tensors, rank, alpha


def load_adapter(path: str, model: nn.Module) -> float:
    """Put the LoRA layers of a file into a model that has none, and return alpha.

    For each pair of ``PATH.lora_A`` and ``PATH.lora_B`` in the file, the ``nn.Linear`` at PATH is
    replaced in the module that contains it by ``LoRALinear(layer, rank, alpha)``, with the rank
    and alpha of the file, under the same name and in the same place of the order. Its ``base`` is
    the layer itself, and A and B are bit for bit those of the file. Names decide, never an order:
    other linear layers of the model stay as they are, also one whose path ends with PATH.

    Afterwards the parameters ``lora_A`` and ``lora_B`` are trained (``requires_grad`` is True), and
    all other parameters of the model are frozen. No number of the base changes.

    ``ValueError`` is raised, and nothing has changed in the model, if

        - ``read_adapter`` raises it for the file
        - a name in the file ends neither with ``.lora_A`` nor with ``.lora_B``, or one matrix of
          a layer is there without the other
        - the model has no ``nn.Linear`` at a PATH
        - A has another shape than (rank, in), or B than (out, rank), for the rank of the file and
          the layer at PATH
        - the model contains a ``LoRALinear`` already

    Args:
        path: the file, as in ``read_adapter``.
        model: any module but a linear layer by itself. Its linear layers are of the class
            ``nn.Linear`` itself and float32, and each module has one path only.

    Returns:
        The alpha of the file, a float.

    >>> import tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "adapter.safetensors")
    >>> base = nn.Linear(2, 3)
    >>> save_adapter(path, nn.Sequential(LoRALinear(base, rank=1, alpha=4.0)), alpha=4.0)
    >>> sorted(read_adapter(path)[0])
    ['0.lora_A', '0.lora_B']
    >>> fresh = nn.Sequential(base)
    >>> load_adapter(path, fresh)
    4.0
    >>> fresh[0].base is base
    True
    """
    tensors, rank, alpha = read_adapter(path)
    modules = dict(model.named_modules())
    if any(isinstance(module, LoRALinear) for module in modules.values()):
        raise ValueError("the model has LoRA layers already")
    pairs = {}
    for name, tensor in tensors.items():
        layer_path, dot, kind = name.rpartition(".")
        if not dot or kind not in ("lora_A", "lora_B"):
            raise ValueError(f"{name} is no LoRA matrix")
        pairs.setdefault(layer_path, {})[kind] = tensor
    for layer_path, pair in pairs.items():
        layer = modules.get(layer_path)
        if type(layer) is not nn.Linear:
            raise ValueError(f"the model has no linear layer {layer_path}")
        if len(pair) != 2:
            raise ValueError(f"{layer_path} has one matrix only")
        if pair["lora_A"].shape != (rank, layer.in_features):
            raise ValueError(f"A of {layer_path} has another shape")
        if pair["lora_B"].shape != (layer.out_features, rank):
            raise ValueError(f"B of {layer_path} has another shape")
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for layer_path, pair in pairs.items():
        layer = modules[layer_path]
        new = LoRALinear(layer, rank, alpha)
        with torch.no_grad():
            new.lora_A.copy_(pair["lora_A"])
            new.lora_B.copy_(pair["lora_B"])
        new.lora_A.requires_grad_(True)
        new.lora_B.requires_grad_(True)
        new.train(layer.training)
        parent, _, name = layer_path.rpartition(".")
        setattr(modules[parent], name, new)
    return alpha
