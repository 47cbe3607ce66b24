# wrong: unpermute fills a tensor of the default dtype | violates: "A tensor of the shape and dtype of ``weight``"
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
    out = torch.zeros(weight.shape)
    D = weight.shape[0] // heads
    for h in range(heads):
        for j in range(D // 2):
            out[h * D + j] = weight[h * D + 2 * j]
            out[h * D + D // 2 + j] = weight[h * D + 2 * j + 1]
    return out


def load_llama(
    tensors: dict[str, torch.Tensor], heads: int, kv_heads: int, base: float, eps: float
) -> Llama:
    """Build the Llama whose parameters are the tensors of a GGUF file."""
    names = {name: our_name(name) for name in tensors}
    for name in ("token_embd.weight", "blk.0.ffn_up.weight"):
        if name not in tensors:
            raise ValueError(f"{name} is missing")
        if tensors[name].dim() != 2:
            raise ValueError(f"{name} is not a matrix")
    layers = 1 + max(int(ours.split(".")[1]) for ours in names.values() if "blocks" in ours)
    if len(tensors) != 2 + 9 * layers:
        raise ValueError("a tensor is missing")
    vocabulary, width = tensors["token_embd.weight"].shape
    hidden = tensors["blk.0.ffn_up.weight"].shape[0]
    model = Llama(vocabulary, width, layers, heads, kv_heads, hidden, base, eps)
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for name, tensor in tensors.items():
            parameter = parameters[names[name]]
            if tensor.shape != parameter.shape:
                raise ValueError(f"{name} has the shape {tuple(tensor.shape)}")
            if name.endswith("attn_q.weight"):
                tensor = unpermute(tensor, heads)
            elif name.endswith("attn_k.weight"):
                tensor = unpermute(tensor, kv_heads)
            parameter.copy_(tensor)
    return model
