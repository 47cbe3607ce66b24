"""Arguments that the learner's code changed in place, changed here too."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch


def write_back(old: Any, new: Any) -> None:
    """Make ``old`` equal ``new`` in place: what the learner's code did to an argument."""
    if isinstance(old, torch.Tensor) and isinstance(new, torch.Tensor):
        with torch.no_grad():
            if old.shape == new.shape and old.dtype == new.dtype:
                old.copy_(new)
            else:
                old.data = new.detach()
    elif isinstance(old, np.ndarray) and old.shape == np.shape(new):
        old[...] = new
    elif isinstance(old, list):
        _write_back_list(old, new)
    elif isinstance(old, dict):
        for key in old.keys() & new.keys():
            write_back(old[key], new[key])
        kept = {key: old[key] if _container(old.get(key)) else new[key] for key in new}
        old.clear()
        old.update(kept)
    elif isinstance(old, set):
        old.clear()
        old.update(new)
    elif isinstance(old, tuple):
        for ours, theirs in zip(old, new, strict=True):
            write_back(ours, theirs)


def _write_back_list(old: list[Any], new: list[Any]) -> None:
    if len(old) != len(new):
        old[:] = new
        return
    for index, (ours, theirs) in enumerate(zip(old, new, strict=True)):
        write_back(ours, theirs)
        if not _container(ours):
            old[index] = theirs


def _container(thing: Any) -> bool:
    return isinstance(thing, (torch.Tensor, np.ndarray, list, dict, set, tuple))
