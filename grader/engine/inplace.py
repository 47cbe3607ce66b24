"""Arguments that the learner's code changed in place, changed here too."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

INNER = (torch.Tensor, np.ndarray, list, dict, set, tuple)
"""Values with an inside, which is changed while the value stays itself."""


def write_back(old: Any, new: Any) -> None:
    """Make ``old`` equal ``new`` in place; what is equal already is not touched."""
    if isinstance(old, torch.Tensor):
        _write_tensor(old, new)
    elif isinstance(old, np.ndarray):
        if old.shape == np.shape(new) and old.tobytes() != new.tobytes():
            old[...] = new
    elif isinstance(old, list):
        same_length = len(old) == len(new)
        old[:] = [_inside(a, b) for a, b in zip(old, new, strict=True)] if same_length else new
    elif isinstance(old, dict):
        merged = {key: _inside(old[key], new[key]) if key in old else new[key] for key in new}
        old.clear()
        old.update(merged)
    elif isinstance(old, set):
        old.clear()
        old.update(new)
    elif isinstance(old, tuple):
        for ours, theirs in zip(old, new, strict=True):
            _inside(ours, theirs)


def _inside(old: Any, new: Any) -> Any:
    """The old value with its inside made new, or the new one where there is no inside."""
    if type(old) is not type(new) or not isinstance(old, INNER):
        return new
    write_back(old, new)
    return old


def _write_tensor(old: torch.Tensor, new: torch.Tensor) -> None:
    with torch.no_grad():
        if old.shape != new.shape or old.dtype != new.dtype:
            old.data = new.detach()
        elif not torch.equal(old, new):
            old.copy_(new)
