# wrong: returns the float64 tensors it computed with | violates: A tuple of two new float32 tensors, with float32's accuracy
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    counts = torch.bincount(first * V + second, minlength=V * V).reshape(V, V).double()
    totals = counts.sum(1, keepdim=True)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.zeros(steps, dtype=torch.float64)
    for step in range(steps):
        logp = torch.log_softmax(logits, dim=1)
        losses[step] = -logp[first, second].mean()
        logits = logits - rate * (totals * logp.exp() - counts) / len(first)
    return logits, losses
