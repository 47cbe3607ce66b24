# right: by the types of the modules, randn into new tensors, out and down found by identity
import torch
from torch import nn

from exercises.blocks.layer_norm import LayerNorm
from exercises.model.gpt import GPT


@torch.no_grad()
def initialise(model: GPT, seed: int) -> None:
    """Initialise all parameters of a GPT in place, as GPT-2 does before training."""
    g = torch.Generator(device="cpu")
    g.manual_seed(seed)
    residual = set()
    for block in model.blocks:
        residual |= {id(block.attention.out), id(block.feed_forward.down)}
    for module in model.modules():
        if isinstance(module, LayerNorm):
            module.weight.copy_(torch.ones_like(module.weight))
            module.bias.copy_(torch.zeros_like(module.bias))
        elif isinstance(module, nn.Linear) or module in (model.tokens, model.positions):
            w = module.weight
            std = 0.02 * ((2 * len(model.blocks)) ** -0.5 if id(module) in residual else 1.0)
            w.copy_(std * torch.randn(w.shape, generator=g, dtype=w.dtype))
            if getattr(module, "bias", None) is not None:
                module.bias.zero_()
