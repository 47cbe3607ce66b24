# right: helpers for linear layers and norms, assigned as new nn.Parameters, the columns taken by reshape and unbind
import torch
from torch import nn

from exercises.model.gpt import GPT


class Checkpoint(dict):
    """Tensors by their names without the prefix; a missing one is a ValueError."""

    def __missing__(self, name):
        raise ValueError(f"{name} is missing")


def new(tensor):
    """A parameter with a copy of the tensor in float32."""
    return nn.Parameter(tensor.detach().to(torch.float32, copy=True).contiguous())


def fill(layer, weight, bias):
    layer.weight, layer.bias = new(weight), new(bias)


def load_gpt2(tensors, heads):
    """Build a GPT with GPT-2's parameters."""
    file = Checkpoint()
    for name in tensors:
        file[name.removeprefix("transformer.")] = tensors[name]
    inside = [name for name in file if name[:2] == "h." and "." in name[2:]]
    depth = 1 + max((int(name.split(".")[1]) for name in inside), default=0)
    wte, wpe = file["wte.weight"], file["wpe.weight"]
    ln_f = file["ln_f.weight"], file["ln_f.bias"]
    blocks = []
    for n in range(depth):
        pairs = {
            layer: (file[f"h.{n}.{layer}.weight"], file[f"h.{n}.{layer}.bias"])
            for layer in ("ln_1", "attn.c_attn", "attn.c_proj", "ln_2", "mlp.c_fc", "mlp.c_proj")
        }
        blocks.append(pairs)
    width = wte.shape[1]
    model = GPT(wte.shape[0], wpe.shape[0], width, depth, heads)
    model.tokens.weight = new(wte)
    model.positions.weight = new(wpe)
    fill(model.norm, *ln_f)
    for block, pairs in zip(model.blocks, blocks):
        fill(block.norm1, *pairs["ln_1"])
        fill(block.norm2, *pairs["ln_2"])
        weight, bias = pairs["attn.c_attn"]
        three = torch.einsum("ipo->poi", weight.reshape(width, 3, width))
        attention = block.attention
        for layer, w, b in zip(
            (attention.query, attention.key, attention.value), three, bias.reshape(3, width)
        ):
            fill(layer, w, b)
        for layer, name in (
            (attention.out, "attn.c_proj"),
            (block.feed_forward.up, "mlp.c_fc"),
            (block.feed_forward.down, "mlp.c_proj"),
        ):
            weight, bias = pairs[name]
            fill(layer, weight.T, bias)
    return model
