"""The rotary positions of transformers' Llama."""

import torch
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb


def rope(x, start=0, base=10_000.0):
    """Theirs, for one tensor in place of queries and keys."""
    length, width = x.shape[-2:]
    if width % 2:
        raise ValueError("the width is even")
    turns = {"rope_type": "default", "rope_theta": base}
    config = LlamaConfig(
        hidden_size=width, num_attention_heads=1, head_dim=width, rope_parameters=turns
    )
    places = torch.arange(start, start + length).unsqueeze(0)
    cos, sin = LlamaRotaryEmbedding(config)(x.float(), places)
    rows = x.reshape(1, -1, length, width)
    turned, _ = apply_rotary_pos_emb(rows, rows, cos, sin)
    return turned.reshape(x.shape).to(x.dtype)
