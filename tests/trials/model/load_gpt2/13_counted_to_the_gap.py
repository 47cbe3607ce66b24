# wrong: blocks are counted up to the first that is missing, so blocks after a gap are dropped | violates: "So a gap is an error: with ``h.0.`` and ``h.2.`` alone, L is 3, and the names of block 1 are missing."
"""GPT-2's published parameters, loaded into the GPT of this course."""

import re

import torch

from exercises.model.gpt import GPT


def load_gpt2(tensors: dict[str, torch.Tensor], heads: int) -> GPT:
    """Build a GPT with GPT-2's parameters."""
    named = {name.removeprefix("transformer."): tensor for name, tensor in tensors.items()}
    layers = 1
    while any(name.startswith(f"h.{layers}.") for name in named):
        layers += 1

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
            state[new + layer + ".weight"] = get(old + theirs + ".weight").T
            state[new + layer + ".bias"] = get(old + theirs + ".bias")
    state["norm.weight"] = get("ln_f.weight")
    state["norm.bias"] = get("ln_f.bias")

    vocabulary, width = state["tokens.weight"].shape
    context = state["positions.weight"].shape[0]
    model = GPT(vocabulary, context, width, layers, heads)
    model.load_state_dict(state)
    return model
