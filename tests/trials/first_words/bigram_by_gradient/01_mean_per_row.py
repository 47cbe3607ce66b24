# wrong: divides each row's gradient by the number of pairs of that row instead of by N | violates: gradient[i, j] = 1/N  sum over all n with first[n] = i of  (p(j | i) - hit(n, j))
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    counts = torch.zeros(V, V, dtype=torch.float64)
    ones = torch.ones(len(first), dtype=torch.float64)
    counts.index_put_((first, second), ones, accumulate=True)
    row_totals = counts.sum(dim=1, keepdim=True)
    seen = (row_totals > 0).double()
    shares = counts / row_totals.clamp(min=1)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.zeros(steps, dtype=torch.float64)
    for step in range(steps):
        p = logits.exp()
        p = p / p.sum(dim=1, keepdim=True)
        losses[step] = -(counts * p.log()).sum() / len(first)
        logits = logits - rate * seen * (p - shares)
    return logits.float(), losses.float()
