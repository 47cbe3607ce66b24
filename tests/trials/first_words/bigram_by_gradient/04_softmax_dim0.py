# wrong: normalises columns instead of rows (sum over dim 0) | violates: p(j | i) = exp(logits[i, j]) / sum_k exp(logits[i, k])
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = len(first)
    counts = torch.zeros(V, V, dtype=torch.float64)
    for a, b in zip(first.tolist(), second.tolist()):
        counts[a, b] += 1
    totals = counts.sum(dim=1, keepdim=True)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.empty(steps, dtype=torch.float64)
    for t in range(steps):
        e = logits.exp()
        p = e / e.sum(dim=0, keepdim=True)
        losses[t] = -(counts * p.log()).sum() / N
        logits = logits - rate * (totals * p - counts) / N
    return logits.float(), losses.float()
