"""Load GPT-2 with einsum for the transposes and new parameters set on the layers."""

import torch
from torch import nn

from exercises.model.gpt import GPT


def load_gpt2(tensors: dict[str, torch.Tensor], heads: int) -> GPT:
    """Check all names first, then set parameters."""
    tensors = {name.replace("transformer.", "", 1): part for name, part in tensors.items()}
    layers = 1 + max([0, *(int(n.split(".")[1]) for n in tensors if n.startswith("h."))])
    wanted = ["wte.weight", "wpe.weight", "ln_f.weight", "ln_f.bias"]
    for n in range(layers):
        for layer in ("ln_1", "ln_2", "attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"):
            wanted += [f"h.{n}.{layer}.weight", f"h.{n}.{layer}.bias"]
    missing = [name for name in wanted if name not in tensors]
    if missing:
        raise ValueError(f"missing: {', '.join(missing)}")

    def new(part):
        part = part.detach().clone().to(torch.float32)
        return nn.Parameter(torch.einsum("io->oi", part).contiguous() if part.dim() == 2 else part)

    def fill(layer, weight, bias):
        layer.weight, layer.bias = new(weight), new(bias)

    (vocabulary, width), context = tensors["wte.weight"].shape, len(tensors["wpe.weight"])
    model = GPT(vocabulary, context, width, layers, heads)
    model.tokens.weight = new(tensors["wte.weight"].T)
    model.positions.weight = new(tensors["wpe.weight"].T)
    fill(model.norm, tensors["ln_f.weight"], tensors["ln_f.bias"])
    for n, block in enumerate(model.blocks):
        part = {name.removeprefix(f"h.{n}."): t for name, t in tensors.items()}
        fill(block.norm1, part["ln_1.weight"], part["ln_1.bias"])
        fill(block.norm2, part["ln_2.weight"], part["ln_2.bias"])
        q, k, v = part["attn.c_attn.weight"].split(width, dim=1)
        biases = part["attn.c_attn.bias"].split(width)
        fill(block.attention.query, q, biases[0])
        fill(block.attention.key, k, biases[1])
        fill(block.attention.value, v, biases[2])
        fill(block.attention.out, part["attn.c_proj.weight"], part["attn.c_proj.bias"])
        fill(block.feed_forward.up, part["mlp.c_fc.weight"], part["mlp.c_fc.bias"])
        fill(block.feed_forward.down, part["mlp.c_proj.weight"], part["mlp.c_proj.bias"])
    return model
