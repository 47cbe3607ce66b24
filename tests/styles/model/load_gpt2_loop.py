"""Load GPT-2 number by number, in float64, from the model's names to the file's."""

import torch

from exercises.model.gpt import GPT

THEIRS = {
    "norm1": "ln_1",
    "norm2": "ln_2",
    "attention.out": "attn.c_proj",
    "feed_forward.up": "mlp.c_fc",
    "feed_forward.down": "mlp.c_proj",
}
JOINED = ["attention.query", "attention.key", "attention.value"]


def load_gpt2(tensors, heads):
    """For each name of the model, find its numbers."""
    plain = {}
    for name in tensors:
        short = name[12:] if name.startswith("transformer.") else name
        plain[short] = tensors[name].double()
    layers = 1
    for name in plain:
        if name.startswith("h."):
            layers = max(layers, int(name[2 : name.index(".", 2)]) + 1)
    try:
        V, C = plain["wte.weight"].shape
        context = plain["wpe.weight"].shape[0]
        model = GPT(V, context, C, layers, heads)
        state = {name: _numbers(plain, name, C) for name in model.state_dict()}
    except KeyError as missing:
        raise ValueError(f"the tensor {missing.args[0]} is not there") from None
    model.load_state_dict(state)
    return model


def _numbers(plain, name, C):
    layer, kind = name.rsplit(".", 1)
    outside = {"tokens": "wte", "positions": "wpe", "norm": "ln_f"}
    if layer in outside:
        return plain[f"{outside[layer]}.{kind}"]
    _, n, part = layer.split(".", 2)
    if part in JOINED:
        start = JOINED.index(part) * C
        tensor = plain[f"h.{n}.attn.c_attn.{kind}"][..., start : start + C]
    else:
        tensor = plain[f"h.{n}.{THEIRS[part]}.{kind}"]
    if tensor.dim() == 1:
        return tensor
    rows, columns = tensor.shape
    turned = torch.empty(columns, rows, dtype=tensor.dtype)
    for i in range(rows):
        turned[:, i] = tensor[i]
    return turned
