"""Names of the model looked up in the file, block by block; rows by views and movedim."""

import torch

from exercises.model.llama import Llama

PARTS = [
    ("attn_norm", "norm1"),
    ("attn_q", "attention.query"),
    ("attn_k", "attention.key"),
    ("attn_v", "attention.value"),
    ("attn_output", "attention.out"),
    ("ffn_norm", "norm2"),
    ("ffn_gate", "feed_forward.gate"),
    ("ffn_up", "feed_forward.up"),
    ("ffn_down", "feed_forward.down"),
]


def our_name(name):
    """Try every name that there is."""
    if not name.endswith(".weight"):
        raise ValueError(name)
    stem = name[: -len(".weight")]
    if stem == "token_embd":
        return "tokens.weight"
    if stem == "output_norm":
        return "norm.weight"
    for theirs, ours in PARTS:
        head, dot, tail = stem.partition("." + theirs)
        if dot and not tail and head.startswith("blk.") and head[4:].isdecimal():
            return "blocks." + head[4:] + "." + ours + ".weight"
    raise ValueError(name)


def unpermute(weight, heads):
    """Three dimensions for the rows, two of them swapped, in float64 and back."""
    rows, columns = weight.shape
    split = weight.double().reshape(heads, rows // heads // 2, 2, columns)
    result = torch.zeros(heads, 2, rows // heads // 2, columns, dtype=torch.float64)
    result += split.movedim(2, 1)
    return result.reshape(rows, columns).to(weight.dtype)


def load_llama(tensors, heads, kv_heads, base, eps):
    """Ask the file for each block in turn."""
    left = dict(tensors)

    def take(name, *shape):
        if name not in left or (shape and tuple(left[name].shape) != shape):
            raise ValueError(f"{name} is missing or not {shape}")
        return left.pop(name)

    table = take("token_embd.weight")
    vocabulary, width = table.shape
    state = {"tokens.weight": table, "norm.weight": take("output_norm.weight", width)}
    layers, hidden, shared = 0, None, width // heads * kv_heads
    while any(name.startswith(f"blk.{layers}.") for name in left):
        if hidden is None:
            hidden = left.get("blk.0.ffn_up.weight", torch.empty(0)).shape[0]
        shapes = [(width,), (width, width), (shared, width), (shared, width), (width, width)]
        shapes += [(width,), (hidden, width), (hidden, width), (width, hidden)]
        for (theirs, ours), shape in zip(PARTS, shapes, strict=True):
            tensor = take(f"blk.{layers}.{theirs}.weight", *shape)
            if theirs in ("attn_q", "attn_k"):
                tensor = unpermute(tensor, heads if theirs == "attn_q" else kv_heads)
            state[f"blocks.{layers}.{ours}.weight"] = tensor
        layers += 1
    if left or not layers:
        raise ValueError(f"left over: {list(left)}")
    model = Llama(vocabulary, width, layers, heads, kv_heads, hidden, base, eps)
    model.load_state_dict(state)
    return model
