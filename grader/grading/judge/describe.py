"""Values and questions as text: type, shape and dtype first, small tensors as grids."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

SMALL = 60
"""A tensor of up to this many entries is printed whole."""
DECIMALS, MOST_DECIMALS = 4, 17
"""A number is written with four decimals, or with as many as tell two apart; 17 always do."""


def describe_type(value: Any) -> str:
    """Return the type in a learner's words: ``float32 tensor 2x3``, ``list of 4``, ``float``."""
    if isinstance(value, torch.Tensor):
        name = "tensor" if type(value) is torch.Tensor else type(value).__name__
        return f"{format_dtype(value.dtype)} {name} {format_shape(value.shape)}"
    if isinstance(value, np.ndarray):
        return f"{value.dtype} array {format_shape(value.shape)}"
    if isinstance(value, np.generic):
        return f"NumPy {type(value).__name__}"
    for base in (list, tuple, dict, set):
        if isinstance(value, base):
            # Under plain pytest a named tuple stands here itself; from a worker its entries come.
            return f"{base.__name__} of {len(value)}"
    if hasattr(value, "type_name"):  # a stand-in: its type's name is the learner's choice
        return f"object of type {value.type_name}"
    return type(value).__name__


def describe_one(value: Any) -> str:
    """Return the type with its article: ``an int``, ``a float32 tensor 2x3``; None as itself."""
    return "None" if value is None else add_article(describe_type(value))


def add_article(name: str) -> str:
    """Return ``an int8 tensor 2x3`` for ``int8 tensor 2x3``."""
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def format_dtype(dtype: torch.dtype) -> str:
    """Return ``float32`` for ``torch.float32``."""
    return str(dtype).removeprefix("torch.")


def format_shape(shape: Any) -> str:
    """Return ``2x3`` for ``(2, 3)``; ``scalar`` for ``()``."""
    return "x".join(str(size) for size in shape) or "scalar"


def format_value(value: Any, limit: int = 600) -> str:
    """Return the value as text: a small tensor as a grid, anything long cut short and said so."""
    if isinstance(value, np.ndarray):
        return format_grid(torch.from_numpy(np.array(value)), head=describe_type(value))
    if isinstance(value, torch.Tensor):
        return format_grid(value)
    text = _format_plain(value)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def format_pair(
    got: torch.Tensor, want: torch.Tensor, wrong: torch.Tensor, noun: str = "tensor"
) -> tuple[str, str]:
    """Return what is expected and what was returned, with as many digits as tell them apart.

    Wrong entries of ``got`` are marked. ``noun`` is what the two are to the learner.
    """
    # "3." beside "3.0000" would read as the same number twice: whole in both or in neither.
    whole = _is_whole(got) and _is_whole(want)
    decimals = find_decimals(got[wrong], want[wrong]) if got.numel() <= SMALL else DECIMALS
    texts = []
    for tensor, marks in ((want, None), (got, wrong)):
        head = describe_type(tensor).replace(" tensor ", f" {noun} ")
        texts.append(format_grid(tensor, marks, head=head, whole=whole, decimals=decimals))
    return texts[0], texts[1]


def find_decimals(got: torch.Tensor, want: torch.Tensor) -> int:
    """Return how many decimals tell each entry of one tensor from the other's, four at least."""
    pairs = list(zip(got.flatten().tolist(), want.flatten().tolist(), strict=True))
    for decimals in range(DECIMALS, MOST_DECIMALS):
        if all(
            format_number(ours, decimals=decimals) != format_number(theirs, decimals=decimals)
            for ours, theirs in pairs
            if ours != theirs and not (ours != ours and theirs != theirs)
        ):
            return decimals
    return MOST_DECIMALS


def format_grid(
    tensor: torch.Tensor,
    wrong: torch.Tensor | None = None,
    *,
    head: str = "",
    whole: bool | None = None,
    decimals: int | None = None,
) -> str:
    """Return up to ``SMALL`` entries, a row a line, wrong ones as ``*so*``; else the form alone.

    ``head`` is the form, if it is not the tensor's own; ``whole`` and ``decimals`` are how its
    numbers are written, if it is not how they would be by themselves.
    """
    tensor = tensor.detach()
    head = head or describe_type(tensor)
    if tensor.numel() > SMALL:
        return head
    if tensor.numel() == 0:
        return f"{head} (empty)"
    whole = _is_whole(tensor) if whole is None else whole
    marks = torch.zeros(tensor.shape, dtype=torch.bool) if wrong is None else wrong
    cells = _format_cells(tensor, marks, whole, decimals or DECIMALS)
    if tensor.dim() == 0:
        return f"{head} {cells[0].strip()}"
    width = tensor.shape[-1]
    rows = [" ".join(cells[i : i + width]) for i in range(0, len(cells), width)]
    if len(rows) == 1:
        return f"{head} [{' '.join(rows[0].split())}]"
    lines, blocks = [head], math.prod(tensor.shape[1:-1]) if tensor.dim() > 2 else 0
    for number, row in enumerate(rows):
        if blocks and number and number % tensor.shape[-2] == 0:
            lines.append("")
        lines.append(f"  [{row}]")
    return "\n".join(lines)


def _format_cells(
    tensor: torch.Tensor, wrong: torch.Tensor, whole: bool, decimals: int
) -> list[str]:
    texts = []
    for entry, mark in zip(tensor.flatten().tolist(), wrong.flatten().tolist(), strict=True):
        text = format_number(entry, whole, decimals)
        texts.append(f"*{text}*" if mark else f" {text} ")
    width = max(len(text) for text in texts)
    return [text.rjust(width) for text in texts]


def _is_whole(tensor: torch.Tensor) -> bool:
    entries = tensor.flatten().tolist()
    return all(isinstance(e, float) and e.is_integer() and abs(e) < 1e9 for e in entries)


def format_number(entry: Any, whole: bool = False, decimals: int = DECIMALS) -> str:
    """Return an entry as text: four decimals, or powers of ten; ``3.`` where all are whole."""
    if isinstance(entry, bool) or not isinstance(entry, float):
        return str(entry)
    if whole:
        return f"{entry:.0f}."
    if entry == 0 or 1e-3 <= abs(entry) < 1e5 or not math.isfinite(entry):
        return f"{entry:.{decimals}f}"
    return f"{entry:.{decimals - 1}e}"


def _format_plain(value: Any) -> str:
    if isinstance(value, torch.Tensor | np.ndarray):
        return f"<{describe_type(value)}>"
    if isinstance(value, dict):
        pairs = (f"{_format_plain(key)}: {_format_plain(entry)}" for key, entry in value.items())
        return "{" + ", ".join(pairs) + "}"
    if type(value) in (list, tuple):
        inner = ", ".join(_format_plain(entry) for entry in value)
        if type(value) is list:
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)


def describe_question(op: str, parts: tuple[Any, ...]) -> tuple[str, str, str]:
    """Return a question as a learner reads it, its subject, and the label of what comes back."""
    label = str(object.__getattribute__(parts[0], "_label")) if parts else ""
    if op in ("call", "killed"):
        args, kwargs = parts[1:3]
        texts = [format_value(arg, 200) for arg in args]
        texts += [f"{name}={format_value(arg, 200)}" for name, arg in kwargs.items()]
        joined = ", ".join(texts) if all("\n" not in text for text in texts) else _stack(texts)
        return f"{label}({joined})", label, f"{label}(...)"
    if op == "gradients":
        shown = ", ".join(format_value(arg, 200).partition("\n")[0] for arg in parts[1])
        return f"gradients of {label}({shown})", label, label
    if op == "get":
        return "", label, f"{label}.{parts[1]}"
    return "", label, f"{label} entry" if op in ("item", "next") else label


def _stack(texts: list[str]) -> str:
    return "\n" + ",\n".join(f"  {text}" for text in texts)
