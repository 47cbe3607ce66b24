"""Load GPT-2 by copying into one parameter after the other."""

import re

import torch

from exercises.model.gpt import GPT


def _find(tensors, name):
    for candidate in (name, "transformer." + name):
        if candidate in tensors:
            return tensors[candidate].detach()
    raise ValueError("no tensor is called " + name)


@torch.no_grad()
def load_gpt2(tensors, heads):
    """Visit the parts of the new model."""
    numbers = [re.match(r"(?:transformer\.)?h\.(\d+)\.", name) for name in tensors]
    layers = max([int(found[1]) for found in numbers if found], default=0) + 1
    words, places = _find(tensors, "wte.weight"), _find(tensors, "wpe.weight")
    model = GPT(words.size(0), places.size(0), words.size(1), layers, heads)
    model.tokens.weight.copy_(words)
    model.positions.weight.copy_(places)

    def both(layer, name, turned=True):
        weight, bias = _find(tensors, name + ".weight"), _find(tensors, name + ".bias")
        layer.weight.copy_(weight.transpose(0, 1) if turned else weight)
        layer.bias.copy_(bias)

    both(model.norm, "ln_f", turned=False)
    for n, block in enumerate(model.blocks):
        at = f"h.{n}."
        both(block.norm1, at + "ln_1", turned=False)
        both(block.norm2, at + "ln_2", turned=False)
        both(block.attention.out, at + "attn.c_proj")
        both(block.feed_forward.up, at + "mlp.c_fc")
        both(block.feed_forward.down, at + "mlp.c_proj")
        weight, bias = (
            _find(tensors, at + "attn.c_attn.weight"),
            _find(tensors, at + "attn.c_attn.bias"),
        )
        C = words.size(1)
        for i, layer in enumerate(
            [block.attention.query, block.attention.key, block.attention.value]
        ):
            layer.weight.copy_(weight[:, i * C : (i + 1) * C].T)
            layer.bias.copy_(bias[i * C : (i + 1) * C])
    return model
