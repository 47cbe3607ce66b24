# right: every part by hand, nn.init with a generator
import torch
from torch import nn

from exercises.model.gpt import GPT

STD = 0.02


def initialise(model: GPT, seed: int) -> None:
    """Initialise all parameters of a GPT in place, as GPT-2 does before training."""
    rng = torch.Generator()
    rng.manual_seed(seed)

    def linear(layer: nn.Linear, std: float) -> None:
        nn.init.normal_(layer.weight, std=std, generator=rng)
        nn.init.zeros_(layer.bias)

    def norm(layer: nn.Module) -> None:
        nn.init.ones_(layer.weight)
        nn.init.zeros_(layer.bias)

    nn.init.normal_(model.tokens.weight, mean=0.0, std=STD, generator=rng)
    nn.init.normal_(model.positions.weight, mean=0.0, std=STD, generator=rng)
    additions = 2 * len(model.blocks)
    for block in model.blocks:
        norm(block.norm1)
        norm(block.norm2)
        for layer in (block.attention.query, block.attention.key, block.attention.value):
            linear(layer, STD)
        linear(block.attention.out, STD * additions**-0.5)
        linear(block.feed_forward.up, STD)
        linear(block.feed_forward.down, STD * additions**-0.5)
    norm(model.norm)
