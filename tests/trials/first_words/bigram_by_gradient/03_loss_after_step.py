# wrong: records the loss after each step | violates: losses, of shape (steps,): the loss before each step.
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = len(first)
    counts = torch.bincount(first * V + second, minlength=V * V).view(V, V).double()
    totals = counts.sum(1, keepdim=True)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = []
    for _ in range(steps):
        p = logits.softmax(dim=1)
        logits = logits - rate * (totals * p - counts) / N
        losses.append(-(counts * logits.log_softmax(dim=1)).sum().item() / N)
    return logits.float(), torch.tensor(losses, dtype=torch.float32)
