# right: load_state_dict finds missing names and wrong shapes; its RuntimeError becomes a ValueError
"""An open model's parameters, from the names and layout of a GGUF file to your Llama."""

import re

import torch

from exercises.model.llama import Llama

OUTSIDE = {"token_embd.weight": "tokens.weight", "output_norm.weight": "norm.weight"}
INSIDE = {
    "attn_norm": "norm1",
    "attn_q": "attention.query",
    "attn_k": "attention.key",
    "attn_v": "attention.value",
    "attn_output": "attention.out",
    "ffn_norm": "norm2",
    "ffn_gate": "feed_forward.gate",
    "ffn_up": "feed_forward.up",
    "ffn_down": "feed_forward.down",
}


def our_name(name: str) -> str:
    """Return the name in Llama of the tensor that a GGUF file calls name."""
    if name in OUTSIDE:
        return OUTSIDE[name]
    match = re.fullmatch(r"blk\.(0|[1-9][0-9]*)\.([a-z_]+)\.weight", name)
    if match is None or match[2] not in INSIDE:
        raise ValueError(f"unknown tensor: {name}")
    return f"blocks.{match[1]}.{INSIDE[match[2]]}.weight"


def unpermute(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Reorder the rows of a query or key weight for rope."""
    by_head = weight.unflatten(0, (heads, -1, 2))  # (heads, pairs, 2, C)
    return torch.stack(by_head.unbind(2), dim=1).flatten(0, 2)


def load_llama(
    tensors: dict[str, torch.Tensor], heads: int, kv_heads: int, base: float, eps: float
) -> Llama:
    """Build the Llama whose parameters are the tensors of a GGUF file."""
    state = {}
    layers = 0
    for name, tensor in tensors.items():
        ours = our_name(name)
        state[ours] = tensor
        if ours.startswith("blocks."):
            layers = max(layers, int(ours.split(".")[1]) + 1)
    if len(state) < 9 * layers + 2 or layers == 0:
        raise ValueError("tensors are missing")
    try:
        vocabulary, width = state["tokens.weight"].shape
        hidden = state["blocks.0.feed_forward.up.weight"].size(0)
        model = Llama(vocabulary, width, layers, heads, kv_heads, hidden, base, eps)
        model.load_state_dict(state)
    except (RuntimeError, KeyError, IndexError) as error:
        raise ValueError(str(error)) from error
    with torch.no_grad():
        for block in model.blocks:
            for layer, n in ((block.attention.query, heads), (block.attention.key, kv_heads)):
                layer.weight.copy_(unpermute(layer.weight, n))
    return model
