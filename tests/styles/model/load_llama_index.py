"""One index for the rows, and a new parameter in place of each old one."""

import torch
from torch import nn

from exercises.model.llama import Llama

KINDS = ("norm", "q", "k", "v", "output"), ("norm", "gate", "up", "down")
OURS = (
    ("norm1", "attention.query", "attention.key", "attention.value", "attention.out"),
    ("norm2", "feed_forward.gate", "feed_forward.up", "feed_forward.down"),
)


def our_name(name):
    """Split at the dots."""
    words = name.split(".")
    if words[-1] == "weight" and len(words) == 2 and words[0] in ("token_embd", "output_norm"):
        return {"token_embd": "tokens", "output_norm": "norm"}[words[0]] + ".weight"
    whole = len(words) == 4 and words[0] == "blk" and words[3] == "weight"
    if whole and words[1].isdecimal():
        for head, kinds, ours in zip(("attn_", "ffn_"), KINDS, OURS, strict=True):
            for kind, our in zip(kinds, ours, strict=True):
                if words[2] == head + kind:
                    return f"blocks.{words[1]}.{our}.weight"
    raise ValueError(f"unknown: {name}")


def unpermute(weight, heads):
    """Even rows, then odd rows, of each head."""
    size = len(weight) // heads
    order = torch.arange(len(weight)).reshape(heads, size)
    order = torch.cat([order[:, ::2], order[:, 1::2]], dim=1).flatten()
    return weight.index_select(0, order)


def load_llama(tensors, heads, kv_heads, base, eps):
    """Put new parameters in place."""
    count = len({name.split(".")[1] for name in tensors if name.startswith("blk.")})
    if not count or "token_embd.weight" not in tensors or "blk.0.ffn_up.weight" not in tensors:
        raise ValueError("a tensor is missing")
    sizes = tensors["token_embd.weight"].shape
    hidden = tensors["blk.0.ffn_up.weight"].shape[0]
    model = Llama(*sizes, count, heads, kv_heads, hidden, base=base, eps=eps)
    open_still = {name for name, _ in model.named_parameters()}
    for name, tensor in tensors.items():
        ours = our_name(name)
        if ours not in open_still:
            raise ValueError(f"no place for {name}")
        open_still.remove(ours)
        path, _, attribute = ours.rpartition(".")
        module = model.get_submodule(path)
        if getattr(module, attribute).shape != tensor.shape:
            raise ValueError(f"{name} has shape {tuple(tensor.shape)}")
        if path.endswith(("query", "key")):
            tensor = unpermute(tensor, heads if path.endswith("query") else kv_heads)
        setattr(module, attribute, nn.Parameter(tensor.detach().clone()))
    if open_still:
        raise ValueError(f"missing: {sorted(open_still)}")
    return model
