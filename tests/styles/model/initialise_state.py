"""Initialise through a state dict, with NumPy's generator."""

import numpy as np
import torch


def initialise(model, seed):
    """New numbers under every name, loaded at once."""
    rng = np.random.default_rng(seed)
    state = {}
    for name, old in model.state_dict().items():
        if old.dim() == 1:
            fill = float("norm" in name and name.endswith("weight"))
            state[name] = torch.full_like(old, fill)
            continue
        numbers = torch.from_numpy(rng.standard_normal(tuple(old.shape))) / 50
        if name.split(".")[-2] in ("out", "down"):
            numbers /= np.sqrt(2 * len(model.blocks))
        state[name] = numbers
    model.load_state_dict(state)
