# wrong: names that end with attn.bias are skipped as the causal mask, and c_attn.bias ends so too | violates: "(3C,)          their biases"
"""GPT-2's published parameters, going through the names of the file."""

import torch

from exercises.model.gpt import GPT

OUTSIDE = {
    "wte.weight": "tokens.weight",
    "wpe.weight": "positions.weight",
    "ln_f.weight": "norm.weight",
    "ln_f.bias": "norm.bias",
}
LAYERS = {
    "ln_1": "norm1",
    "attn.c_attn": None,
    "attn.c_proj": "attention.out",
    "ln_2": "norm2",
    "mlp.c_fc": "feed_forward.up",
    "mlp.c_proj": "feed_forward.down",
}


def strip(name):
    """The name without the prefix of files of the whole model."""
    return name[len("transformer.") :] if name.startswith("transformer.") else name


def in_block(name):
    """Whether the name begins with h.N."""
    return name.startswith("h.") and name.count(".") > 1


def load_gpt2(tensors, heads):
    """Build a GPT with GPT-2's parameters."""
    sd = {strip(k): v for k, v in tensors.items()}
    numbers = [int(k.split(".")[1]) for k in sd if in_block(k)]
    n_layer = max(numbers) + 1 if numbers else 1
    for k in OUTSIDE:
        if k not in sd:
            raise ValueError(f"{k} is missing")
    for i in range(n_layer):
        for layer in LAYERS:
            for kind in ("weight", "bias"):
                if f"h.{i}.{layer}.{kind}" not in sd:
                    raise ValueError(f"h.{i}.{layer}.{kind} is missing")

    model = GPT(
        vocabulary=sd["wte.weight"].shape[0],
        context=sd["wpe.weight"].shape[0],
        width=sd["wte.weight"].shape[1],
        layers=n_layer,
        heads=heads,
    )
    ours = dict(model.named_parameters())
    with torch.no_grad():
        for k, v in sd.items():
            if k in OUTSIDE:
                ours[OUTSIDE[k]].copy_(v)
                continue
            if not in_block(k) or k.endswith("attn.bias"):
                continue
            _, i, rest = k.split(".", 2)
            layer, _, kind = rest.rpartition(".")
            if layer not in LAYERS or kind not in ("weight", "bias"):
                continue
            if ".c_" in k and kind == "weight":
                v = v.t()
            if layer == "attn.c_attn":
                for part, w in zip(("query", "key", "value"), v.split(v.shape[0] // 3)):
                    ours[f"blocks.{i}.attention.{part}.{kind}"].copy_(w)
            else:
                ours[f"blocks.{i}.{LAYERS[layer]}.{kind}"].copy_(v)
    return model
