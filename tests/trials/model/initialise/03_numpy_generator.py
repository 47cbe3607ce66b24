# right: drawn with NumPy's default_rng and copied into the parameters
import numpy as np
import torch

from exercises.model.gpt import GPT


def initialise(model: GPT, seed: int) -> None:
    """Initialise all parameters of a GPT in place, as GPT-2 does before training."""
    rng = np.random.default_rng(seed)
    n_layer = sum(1 for _ in model.blocks)
    for pn, p in model.named_parameters():
        if p.dim() == 1:
            value = torch.zeros_like(p) if pn.endswith(".bias") else torch.ones_like(p)
        else:
            std = 0.02
            if pn.endswith("out.weight") or pn.endswith("down.weight"):
                std /= np.sqrt(2 * n_layer)
            value = torch.from_numpy(rng.normal(0.0, std, size=tuple(p.shape)))
        p.data.copy_(value)
