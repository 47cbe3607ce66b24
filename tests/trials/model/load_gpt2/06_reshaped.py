# wrong: the weights of out, up and down are reshaped to (out, in) instead of transposed | violates: "A weight with ``.c_`` in its name has shape (in, out) and is used as y = x W + b; the model's ``nn.Linear`` stores (out, in)."
"""GPT-2's published parameters, loaded into the GPT of this course."""

import re

import torch

from exercises.model.gpt import GPT


def load_gpt2(tensors: dict[str, torch.Tensor], heads: int) -> GPT:
    """Build a GPT with GPT-2's parameters."""
    named = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
    layers = 1
    for name in named:
        match = re.match(r"h\.(\d+)\.", name)
        if match:
            layers = max(layers, int(match[1]) + 1)

    def get(name: str) -> torch.Tensor:
        if name not in named:
            raise ValueError(f"{name} is missing")
        return named[name].detach().to(torch.float32)

    state = {"tokens.weight": get("wte.weight"), "positions.weight": get("wpe.weight")}
    for n in range(layers):
        old, new = f"h.{n}.", f"blocks.{n}."
        for kind in ("weight", "bias"):
            state[new + "norm1." + kind] = get(old + "ln_1." + kind)
            state[new + "norm2." + kind] = get(old + "ln_2." + kind)
            parts = get(old + "attn.c_attn." + kind).chunk(3, dim=-1)
            for part, numbers in zip(("query", "key", "value"), parts):
                state[new + f"attention.{part}." + kind] = numbers.T if kind == "weight" else numbers
        for layer, theirs in (
            ("attention.out", "attn.c_proj"),
            ("feed_forward.up", "mlp.c_fc"),
            ("feed_forward.down", "mlp.c_proj"),
        ):
            weight = get(old + theirs + ".weight")
            state[new + layer + ".weight"] = weight.reshape(weight.shape[1], weight.shape[0])
            state[new + layer + ".bias"] = get(old + theirs + ".bias")
    state["norm.weight"] = get("ln_f.weight")
    state["norm.bias"] = get("ln_f.bias")

    vocabulary, width = state["tokens.weight"].shape
    context = state["positions.weight"].shape[0]
    model = GPT(vocabulary, context, width, layers, heads)
    model.load_state_dict(state)
    return model
