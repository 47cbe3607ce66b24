# right: shares of the pairs in float32
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = len(first)
    share = torch.zeros(V * V)
    share.index_add_(0, first * V + second, torch.full((N,), 1 / N))
    share = share.view(V, V)
    row_share = share.sum(dim=1, keepdim=True)
    logits = torch.zeros(V, V)
    losses = torch.zeros(steps)
    for step in range(steps):
        logp = logits - logits.exp().sum(dim=1, keepdim=True).log()
        losses[step] = -(share * logp).sum()
        logits = logits - rate * (row_share * logp.exp() - share)
    return logits, losses
