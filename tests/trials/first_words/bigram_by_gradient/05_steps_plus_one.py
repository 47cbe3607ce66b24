# wrong: also records the loss of the final table | violates: losses, of shape (steps,): the loss before each step.
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
    for step in range(steps + 1):
        logp = logits - logits.logsumexp(dim=1, keepdim=True)
        losses.append(-(counts * logp).sum().item() / N)
        if step < steps:
            logits -= rate * (totals * logp.exp() - counts) / N
    return logits.float(), torch.tensor(losses)
