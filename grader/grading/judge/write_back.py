"""Arguments that the learner's code changed in place, changed here too.

A check that passes a list and looks at it afterwards would find it unchanged: what the learner's
code had was a copy. So the changed copy comes back with the answer and is written into the
check's own objects, which stay the same objects.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

MUTABLE = (torch.Tensor, np.ndarray, list, dict, set, tuple)
"""Values with an inside, which is changed while the value stays itself; a tuple's entries are."""


def write_back(old: Any, new: Any) -> None:
    """Make ``old`` equal ``new`` in place; what is equal already is not touched.

    Not touched, since it may be something that cannot be written to, such as an expanded tensor.
    """
    if isinstance(old, torch.Tensor):
        _write_tensor(old, new)
    elif isinstance(old, np.ndarray):
        # Bytes again: NaN is not equal to itself, and nothing would count as unchanged.
        if old.shape == np.shape(new) and old.tobytes() != new.tobytes():
            old[...] = new
    elif isinstance(old, list):
        same_length = len(old) == len(new)
        old[:] = [_merge(a, b) for a, b in zip(old, new, strict=True)] if same_length else new
    elif isinstance(old, dict):
        # Emptied and filled, so that the keys come in the order that the learner's code left.
        merged = {key: _merge(old[key], new[key]) if key in old else new[key] for key in new}
        old.clear()
        old.update(merged)
    elif isinstance(old, set):
        old.clear()
        old.update(new)
    elif isinstance(old, tuple):
        for ours, theirs in zip(old, new, strict=True):
            _merge(ours, theirs)


def _merge(old: Any, new: Any) -> Any:
    """Return the old value with its inside made new, or the new one where there is no inside."""
    if type(old) is not type(new) or not isinstance(old, MUTABLE):
        return new
    write_back(old, new)
    return old


def _write_tensor(old: torch.Tensor, new: torch.Tensor) -> None:
    with torch.no_grad():  # a leaf that requires a gradient refuses to be written to otherwise
        if old.shape != new.shape or old.dtype != new.dtype:
            # Resized or cast in place, as by ``x.data = ...``: the same object, other contents.
            old.data = new.detach()
        elif not torch.equal(old, new):
            # Of an expanded dimension's entries, which are one in memory, only one can be written.
            once = tuple(slice(1) if step == 0 else slice(None) for step in old.stride())
            old[once].copy_(new[once])
