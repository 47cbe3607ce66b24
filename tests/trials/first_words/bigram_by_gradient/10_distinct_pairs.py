# wrong: puts the pairs in a set, so that repeated pairs count once | violates: A pair that occurs several times counts each time.
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    pairs = sorted(set(zip(first.tolist(), second.tolist())))
    a = torch.tensor([x for x, _ in pairs])
    b = torch.tensor([y for _, y in pairs])
    n = len(pairs)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.zeros(steps, dtype=torch.float64)
    for step in range(steps):
        p = logits.softmax(1)[a]
        losses[step] = -p[range(n), b].log().mean()
        p[range(n), b] -= 1
        logits = logits - rate / n * torch.zeros_like(logits).index_add_(0, a, p)
    return logits.float(), losses.float()
