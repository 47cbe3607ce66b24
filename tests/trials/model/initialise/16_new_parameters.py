# wrong: the parameters are replaced by new ones | violates: "The parameters remain the same objects"
import math

import torch
from torch import nn

from exercises.model.gpt import GPT


def initialise(model: GPT, seed: int) -> None:
    """Initialise all parameters of a GPT in place, as GPT-2 does before training."""
    generator = torch.Generator().manual_seed(seed)
    small = 0.02 / math.sqrt(2 * len(model.blocks))
    for path, module in model.named_modules():
        for name, old in list(module.named_parameters(recurse=False)):
            if name == "bias":
                new = torch.zeros_like(old)
            elif "norm" in path:
                new = torch.ones_like(old)
            else:
                std = small if path.endswith((".out", ".down")) else 0.02
                new = std * torch.randn(old.shape, generator=generator, dtype=old.dtype)
            setattr(module, name, nn.Parameter(new))
