# wrong: keeps the table of a V between calls and goes on training it | violates: At the beginning all logits are 0.
import torch


_tables: dict[int, torch.Tensor] = {}


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = len(first)
    if V not in _tables:
        _tables[V] = torch.zeros(V, V, dtype=torch.float64)
    logits = _tables[V]
    hits = torch.bincount(first * V + second, minlength=V * V).reshape(V, V)
    losses = torch.zeros(steps)
    for step in range(steps):
        p = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
        losses[step] = -(hits * p.log()).sum() / N
        logits -= rate * (hits.sum(dim=1, keepdim=True) * p - hits) / N
    return logits.to(torch.float32), losses
