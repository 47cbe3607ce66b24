# wrong: computes the cell numbers in place, so first is changed | violates: It is not changed, nor is ``second``.
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = first.numel()
    cells = first.mul_(V).add_(second)
    counts = torch.bincount(cells, minlength=V * V).double().view(V, V)
    n_first = counts.sum(dim=1, keepdim=True)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.zeros(steps)
    for t in range(steps):
        p = logits.softmax(dim=-1)
        losses[t] = -p.view(-1)[cells].log().mean()
        logits = logits - rate * (n_first * p - counts) / N
    return logits.float(), losses
