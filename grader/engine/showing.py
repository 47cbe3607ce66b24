"""Values as text: type, shape and dtype first, small tensors as grids."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

SMALL = 60
"""A tensor of up to this many entries is printed whole."""


def kind(value: Any) -> str:
    """The type in a learner's words: ``float32 tensor 2x3``, ``list of 4``, ``float``."""
    if isinstance(value, torch.Tensor):
        name = "tensor" if type(value) is torch.Tensor else type(value).__name__
        return f"{dtype_name(value.dtype)} {name} {shape_name(value.shape)}"
    if isinstance(value, np.ndarray):
        return f"{value.dtype} array {shape_name(value.shape)}"
    if isinstance(value, (list, tuple, dict, set)):
        return f"{type(value).__name__} of {len(value)}"
    if hasattr(value, "type_name"):  # a stand-in: its type's name is the learner's choice
        return f"object of type {value.type_name}"
    return type(value).__name__


def one(value: Any) -> str:
    """The type with its article: ``an int``, ``a float32 tensor 2x3``."""
    name = kind(value)
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def dtype_name(dtype: torch.dtype) -> str:
    """``float32`` for ``torch.float32``."""
    return str(dtype).removeprefix("torch.")


def shape_name(shape: Any) -> str:
    """``2x3`` for ``(2, 3)``; ``scalar`` for ``()``."""
    return "x".join(str(size) for size in shape) or "scalar"


def show(value: Any, limit: int = 600) -> str:
    """The value as text: a small tensor as a grid, anything long cut short and said so."""
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(np.array(value))
    if isinstance(value, torch.Tensor):
        return grid(value)
    text = _text(value)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def grid(tensor: torch.Tensor, wrong: torch.Tensor | None = None) -> str:
    """Up to ``SMALL`` entries, a row a line, wrong ones as ``*so*``; larger ones by their form."""
    tensor = tensor.detach()
    head = kind(tensor)
    if tensor.numel() > SMALL:
        return head
    if tensor.numel() == 0:
        return f"{head} (empty)"
    marks = torch.zeros(tensor.shape, dtype=torch.bool) if wrong is None else wrong
    if tensor.dim() == 0:
        return f"{head} {_cells(tensor.reshape(1), marks.reshape(1))[0].strip()}"
    width = tensor.shape[-1]
    cells = _cells(tensor.reshape(-1), marks.reshape(-1))
    rows = [" ".join(cells[i : i + width]) for i in range(0, len(cells), width)]
    if len(rows) == 1:
        return f"{head} [{' '.join(rows[0].split())}]"
    lines, blocks = [head], math.prod(tensor.shape[1:-1]) if tensor.dim() > 2 else 0
    for number, row in enumerate(rows):
        if blocks and number and number % tensor.shape[-2] == 0:
            lines.append("")
        lines.append(f"  [{row}]")
    return "\n".join(lines)


def _cells(flat: torch.Tensor, wrong: torch.Tensor) -> list[str]:
    entries = flat.tolist()
    whole = all(isinstance(e, float) and e.is_integer() and abs(e) < 1e9 for e in entries)
    texts = [
        f"*{number(entry, whole)}*" if mark else f" {number(entry, whole)} "
        for entry, mark in zip(entries, wrong.tolist(), strict=True)
    ]
    width = max(len(text) for text in texts)
    return [text.rjust(width) for text in texts]


def number(entry: Any, whole: bool = False) -> str:
    """An entry as text: four decimals, or powers of ten; ``3.`` where all are whole."""
    if isinstance(entry, bool) or not isinstance(entry, float):
        return str(entry)
    if whole:
        return f"{entry:.0f}."
    if entry == 0 or 1e-3 <= abs(entry) < 1e5 or not math.isfinite(entry):
        return f"{entry:.4f}"
    return f"{entry:.3e}"


def _text(value: Any) -> str:
    if isinstance(value, torch.Tensor | np.ndarray):
        return f"<{kind(value)}>"
    if isinstance(value, dict):
        pairs = (f"{_text(key)}: {_text(entry)}" for key, entry in value.items())
        return "{" + ", ".join(pairs) + "}"
    if type(value) in (list, tuple):
        inner = ", ".join(_text(entry) for entry in value)
        if type(value) is list:
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)
