# wrong: keeps rank <= k, k + 1 tokens | violates: all but the k largest of each row replaced by ``-inf``
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError("k must be at least 1")
    order = logits.argsort(dim=-1, descending=True, stable=True)
    rank = order.argsort(dim=-1)
    return logits.masked_fill(rank > k, -torch.inf)
