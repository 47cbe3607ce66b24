# right: counts once with bincount, then only (V, V) tables and logsumexp
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = first.numel()
    counts = torch.bincount(first * V + second, minlength=V * V).view(V, V).double()
    row_totals = counts.sum(dim=1, keepdim=True)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.empty(steps, dtype=torch.float64)
    for step in range(steps):
        log_p = logits - torch.logsumexp(logits, dim=1, keepdim=True)
        losses[step] = -(counts * log_p).sum() / N
        logits -= (rate / N) * (row_totals * log_p.exp() - counts)
    return logits.to(torch.float32), losses.to(torch.float32)
