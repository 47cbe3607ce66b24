# wrong: takes the table's size from the largest number in the pairs | violates: V: the number of characters, at least 1, also of those that no pair has.
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    size = int(torch.max(first.max(), second.max())) + 1
    N = len(first)
    counts = torch.bincount(first * size + second, minlength=size * size)
    counts = counts.reshape(size, size).double()
    logits = torch.zeros_like(counts)
    losses = torch.zeros(steps, dtype=torch.float64)
    for step in range(steps):
        logp = logits.log_softmax(dim=1)
        losses[step] = -logp[first, second].mean()
        logits = logits - rate * (counts.sum(1, keepdim=True) * logp.exp() - counts) / N
    return logits.float(), losses.float()
