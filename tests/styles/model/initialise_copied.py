"""Initialise from float64 draws that are copied in, all parts named one by one."""

import torch


def initialise(model, seed):
    """Each block in turn."""
    generator = torch.Generator().manual_seed(seed)

    def draw(parameter, spread):
        numbers = torch.randn(parameter.numel(), generator=generator, dtype=torch.float64) * spread
        parameter.data.copy_(numbers.reshape(parameter.shape))

    for block in model.blocks:
        part, feed = block.attention, block.feed_forward
        for layer in (part.query, part.key, part.value, feed.up):
            draw(layer.weight, 0.02)
            layer.bias.data.zero_()
        for layer in (part.out, feed.down):
            draw(layer.weight, 0.02 / (2 * len(model.blocks)) ** 0.5)
            layer.bias.data.zero_()
    for norm in [model.norm, *(n for b in model.blocks for n in (b.norm1, b.norm2))]:
        norm.weight.data[:] = 1
        norm.bias.data[:] = 0
    draw(model.tokens.weight, 0.02)
    draw(model.positions.weight, 0.02)
