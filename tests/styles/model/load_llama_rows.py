"""A regular expression for names, rows moved one by one, parameters copied one by one."""

import re

import torch

from exercises.model.llama import Llama

TABLE = {
    "attn_norm": "norm1",
    "ffn_norm": "norm2",
    "attn_output": "attention.out",
    "attn_q": "attention.query",
    "attn_k": "attention.key",
    "attn_v": "attention.value",
}


def our_name(name):
    """The name in the model."""
    if name == "token_embd.weight":
        return "tokens.weight"
    if name == "output_norm.weight":
        return "norm.weight"
    found = re.fullmatch(
        r"blk\.(\d+)\.(attn_norm|ffn_norm|attn_output|attn_[qkv]|ffn_(gate|up|down))\.weight", name
    )
    if not found:
        raise ValueError(name)
    number, part, forward = found.groups()
    ours = f"feed_forward.{forward}" if forward else TABLE[part]
    return f"blocks.{number}.{ours}.weight"


def unpermute(weight, heads):
    """Row by row."""
    result = torch.empty_like(weight)
    size = weight.shape[0] // heads
    for head in range(heads):
        for row in range(size):
            pair, which = divmod(row, 2)
            result[head * size + which * size // 2 + pair] = weight[head * size + row]
    return result


def load_llama(tensors, heads, kv_heads, base, eps):
    """Copy by name."""
    renamed = {our_name(name): tensor for name, tensor in tensors.items()}
    try:
        vocabulary, width = renamed["tokens.weight"].shape
        hidden = renamed["blocks.0.feed_forward.up.weight"].shape[0]
    except KeyError as missing:
        raise ValueError(f"{missing} is missing") from missing
    layers = 1 + max(int(name.split(".")[1]) for name in renamed if name.startswith("blocks"))
    model = Llama(vocabulary, width, layers, heads, kv_heads, hidden, base, eps)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            tensor = renamed.pop(name, None)
            if tensor is None or tensor.shape != parameter.shape:
                raise ValueError(name)
            if name.endswith("query.weight"):
                tensor = unpermute(tensor, heads)
            elif name.endswith("key.weight"):
                tensor = unpermute(tensor, kv_heads)
            parameter.copy_(tensor)
    if renamed:
        raise ValueError(f"left over: {sorted(renamed)}")
    return model
