# wrong: returns logits itself if k >= V | violates: nor does the result share memory with it, whatever k is
import torch


def top_k(logits: torch.Tensor, k: int) -> torch.Tensor:

    if k < 1:
        raise ValueError("k must be at least 1")
    if k >= logits.shape[-1]:
        return logits  # nothing to do
    order = torch.sort(logits, dim=-1, descending=True, stable=True).indices
    drop = torch.ones_like(logits, dtype=torch.bool).scatter(-1, order[..., :k], False)
    return logits.masked_fill(drop, -torch.inf)
