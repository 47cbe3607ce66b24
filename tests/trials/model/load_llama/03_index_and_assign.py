# right: patterns made from a table, rows picked by an index tensor, copies assigned as new nn.Parameters
import re

import torch
from torch import nn

from exercises.model.llama import Llama

TABLE = """
token_embd.weight          tokens.weight
output_norm.weight         norm.weight
blk.N.attn_norm.weight     blocks.N.norm1.weight
blk.N.attn_q.weight        blocks.N.attention.query.weight
blk.N.attn_k.weight        blocks.N.attention.key.weight
blk.N.attn_v.weight        blocks.N.attention.value.weight
blk.N.attn_output.weight   blocks.N.attention.out.weight
blk.N.ffn_norm.weight      blocks.N.norm2.weight
blk.N.ffn_gate.weight      blocks.N.feed_forward.gate.weight
blk.N.ffn_up.weight        blocks.N.feed_forward.up.weight
blk.N.ffn_down.weight      blocks.N.feed_forward.down.weight
"""
RULES = [tuple(line.split()) for line in TABLE.strip().splitlines()]


def our_name(name: str) -> str:
    """Return the name in Llama of the tensor that a GGUF file calls name."""
    for theirs, ours in RULES:
        pattern = re.escape(theirs).replace("N", "([0-9]+)")
        found = re.fullmatch(pattern, name)
        if found:
            return ours.replace("N", found.group(1)) if found.groups() else ours
    raise ValueError(f"no place for {name}")


def unpermute(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Reorder the rows of a query or key weight for rope."""
    head_dim = weight.shape[0] // heads
    order = torch.cat((torch.arange(0, head_dim, 2), torch.arange(1, head_dim, 2)))
    index = torch.arange(heads)[:, None] * head_dim + order[None, :]
    return weight[index.flatten().to(weight.device)]


def load_llama(
    tensors: dict[str, torch.Tensor], heads: int, kv_heads: int, base: float, eps: float
) -> Llama:
    """Build the Llama whose parameters are the tensors of a GGUF file."""
    placed = {our_name(name): (name, tensor) for name, tensor in tensors.items()}
    L = 0
    while any(key.startswith(f"blocks.{L}.") for key in placed):
        L += 1
    expected = {our_name(a.replace("N", str(n))) for n in range(max(L, 1)) for a, _ in RULES}
    if set(placed) != expected:
        raise ValueError(f"missing or not in a row: {sorted(expected ^ set(placed))}")
    for key in ("tokens.weight", "blocks.0.feed_forward.up.weight"):
        if placed[key][1].ndim != 2:
            raise ValueError(f"{placed[key][0]} must be a matrix")
    V, C = placed["tokens.weight"][1].shape
    hidden = placed["blocks.0.feed_forward.up.weight"][1].shape[0]
    model = Llama(V, C, L, heads, kv_heads, hidden, base=base, eps=eps)
    for key, (name, tensor) in placed.items():
        path, _, leaf = key.rpartition(".")
        module = model.get_submodule(path)
        if getattr(module, leaf).shape != tensor.shape:
            raise ValueError(f"{name}: wrong shape")
        data = tensor.detach().clone()
        if ".attn_q." in name:
            data = unpermute(data, heads)
        if ".attn_k." in name:
            data = unpermute(data, kv_heads)
        setattr(module, leaf, nn.Parameter(data))
    return model
