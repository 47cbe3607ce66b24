# wrong: only out is made smaller, not down | violates: "out and down in each block, whose outputs are added to the residual stream: 2 L additions"
"""GPT-2's initialisation."""

import math

import torch

from exercises.model.gpt import GPT


def initialise(model: GPT, seed: int) -> None:
    """Initialise all parameters of a GPT in place, as GPT-2 does before training."""
    generator = torch.Generator().manual_seed(seed)
    small = 0.02 / math.sqrt(2 * len(model.blocks))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.zero_()
            elif "norm" in name:
                parameter.fill_(1.0)
            elif name.endswith("attention.out.weight"):
                parameter.normal_(0.0, small, generator=generator)
            else:
                parameter.normal_(0.0, 0.02, generator=generator)
