# wrong: with steps = 0 torch.stack gets an empty list and raises RuntimeError | violates: steps: how many steps are made, 0 or more.
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = len(first)
    counts = torch.bincount(first * V + second, minlength=V * V).reshape(V, V).double()
    totals = counts.sum(1, keepdim=True)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = []
    for _ in range(steps):
        logp = logits.log_softmax(1)
        losses.append(-(counts * logp).sum() / N)
        logits = logits - rate * (totals * logp.exp() - counts) / N
    return logits.float(), torch.stack(losses).float()
