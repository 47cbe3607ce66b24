# wrong: bytes behind the last tensor are not noticed | violates: or has bytes behind the last tensor
"""A file that has the LoRA matrices alone, in the safetensors format, and fits a fresh base."""

import tempfile
import json
import math
import os
import struct
from pathlib import Path

import numpy as np
import torch
from torch import nn

from exercises.lora.lora_linear import LoRALinear


def matrices(model: nn.Module) -> dict[str, torch.Tensor]:
    """The LoRA matrices of a model, by name."""
    found = {}
    for path, module in model.named_modules():
        if isinstance(module, LoRALinear):
            found[path + ".lora_A"] = module.lora_A.detach()
            found[path + ".lora_B"] = module.lora_B.detach()
    return found


def require(condition: bool, message: str) -> None:
    """Raise a ValueError unless the condition is met."""
    if not condition:
        raise ValueError(message)


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
    tensors = matrices(model)
    require(bool(tensors), "no LoRALinear in the model")
    header, end = {}, 0
    for name, tensor in tensors.items():
        begin, end = end, end + 4 * tensor.numel()
        header[name] = dict(dtype="F32", shape=list(tensor.shape), data_offsets=[begin, end])
    rank = [tensor for name, tensor in tensors.items() if name.endswith("lora_A")][0].size(0)
    header["__metadata__"] = {"rank": f"{rank:d}", "alpha": str(float(alpha))}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    handle, name = tempfile.mkstemp(dir=os.path.dirname(path) or ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(len(text).to_bytes(8, "little"))
            file.write(text)
            for tensor in tensors.values():
                file.write(np.ascontiguousarray(tensor.cpu().numpy(), dtype="<f4"))
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
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
    with open(path, "rb") as file:
        first = file.read(8)
        require(len(first) == 8, "no length of the header")
        size = os.fstat(file.fileno()).st_size
        length = int.from_bytes(first, "little")
        require(8 + length <= size, "the header is longer than the file")
        text, numbers = file.read(length), file.read()
    try:
        header = json.loads(str(text, "utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    require(isinstance(header, dict), "the header is not an object")
    extra = header.get("__metadata__")
    require(isinstance(extra, dict), "no metadata")
    require(isinstance(extra.get("rank"), str | int), "no rank")
    require(isinstance(extra.get("alpha"), str | float | int), "no alpha")
    rank, alpha = int(extra["rank"]), float(extra["alpha"])
    require(rank >= 1, "the rank")
    entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
    for name, entry in entries.items():
        require(entry["dtype"] == "F32", f"dtype of {name}")
        begin, end = entry["data_offsets"]
        require(begin >= 0, f"{name} begins before the numbers")
        require(end - begin == 4 * math.prod(entry["shape"]), f"size of {name}")
    ends = [entry["data_offsets"][1] for entry in entries.values()]
    require(max(ends, default=0) <= len(numbers), "too many or too few numbers")
    tensors = {}
    for name, entry in entries.items():
        count, begin = math.prod(entry["shape"]), entry["data_offsets"][0]
        words = np.zeros(count, dtype="<i4")
        if count:
            words[:] = np.frombuffer(numbers, dtype="<i4", count=count, offset=begin)
        floats = torch.from_numpy(words.astype(np.int32)).view(torch.float32)
        tensors[name] = floats.reshape(entry["shape"])
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
    require(not matrices(model), "there are LoRA layers already")
    require(all(n.endswith((".lora_A", ".lora_B")) for n in tensors), "a name")
    paths = {name[: -len(".lora_A")] for name in tensors}
    jobs = []
    for path_ in sorted(paths):
        a, b = tensors.get(path_ + ".lora_A"), tensors.get(path_ + ".lora_B")
        require(a is not None and b is not None, f"half a pair: {path_}")
        try:
            layer = model.get_submodule(path_)
        except AttributeError as error:
            raise ValueError(f"no module {path_}") from error
        require(isinstance(layer, nn.Linear), f"{path_} is not linear")
        out_features, in_features = layer.weight.shape
        require(tuple(a.shape) == (rank, in_features), f"A of {path_}")
        require(tuple(b.shape) == (out_features, rank), f"B of {path_}")
        jobs.append((path_, layer, a, b))
    model.requires_grad_(False)
    for path_, layer, a, b in jobs:
        adapted = LoRALinear(layer, rank, alpha).train(layer.training)
        adapted.requires_grad_(False)
        adapted.lora_A = nn.Parameter(a)
        adapted.lora_B = nn.Parameter(b)
        parent, _, last = path_.rpartition(".")
        model.get_submodule(parent)._modules[last] = adapted
    return alpha
