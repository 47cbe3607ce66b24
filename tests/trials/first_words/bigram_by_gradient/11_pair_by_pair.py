# wrong: changes the table after each pair (stochastic steps) instead of once for all pairs | violates: Each step computes the gradient of all pairs from the logits as they are then
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    pairs = list(zip(first.tolist(), second.tolist()))
    N = len(pairs)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.zeros(steps, dtype=torch.float64)
    for step in range(steps):
        logp = logits - logits.exp().sum(dim=1, keepdim=True).log()
        losses[step] = -logp[first, second].mean()
        for i, j in pairs:
            row = logits[i].exp()
            gradient = row / row.sum()
            gradient[j] -= 1
            logits[i] -= rate * gradient / N
    return logits.float(), losses.float()
