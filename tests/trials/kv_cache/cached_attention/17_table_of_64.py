# wrong: the mask is cut from a fixed table of 64 tokens, so longer sequences fail | violates: "However a sequence is split into calls, each with the cache that the previous one returned, the concatenated outputs are those of causal attention over the whole sequence."
import math

import torch

BLOCK_SIZE = 64
TRIL = torch.tril(torch.ones(BLOCK_SIZE, BLOCK_SIZE)).bool()


def cached_attention(q, k, v, cache=None):
    """Causal attention for the new tokens, and the cache for the next call."""
    T, D = q.shape[-2:]
    if cache is not None:
        k = torch.cat((cache[0], k), dim=2)
        v = torch.cat((cache[1], v), dim=2)
    S = k.shape[-2] - T
    att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(D))
    att = att.masked_fill(TRIL[S : S + T, : S + T] == 0, float("-inf"))
    return torch.softmax(att, dim=-1) @ v, (k, v)
