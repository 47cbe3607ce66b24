# wrong: divides by the row's number of pairs, 0/0 = NaN in rows without pairs | violates: The row of a character that is not in ``first`` stays exactly 0.
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = len(first)
    counts = torch.bincount(first * V + second, minlength=V * V).reshape(V, V).double()
    totals = counts.sum(dim=1, keepdim=True)
    shares = counts / totals
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.zeros(steps, dtype=torch.float64)
    for step in range(steps):
        p = torch.softmax(logits, dim=1)
        losses[step] = -p[first, second].log().mean()
        logits = logits - rate * totals / N * (p - shares)
    return logits.float(), losses.float()
