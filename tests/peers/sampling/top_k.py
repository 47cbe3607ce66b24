"""transformers' TopKLogitsWarper, which keeps all equal logits: it is given ranks, without ties."""

import torch
from transformers.generation.logits_process import TopKLogitsWarper


def top_k(logits, k):
    """Their choice among the ranks, applied to the logits."""
    order = logits.argsort(dim=-1, descending=True, stable=True)
    ranks = torch.empty_like(order).scatter(
        -1, order, torch.arange(logits.shape[-1]).expand_as(order)
    )
    chosen = TopKLogitsWarper(k)(None, -ranks.double())
    return logits.masked_fill(chosen.isinf(), -torch.inf)
