# wrong: stops when the loss hardly falls any more, so losses is shorter | violates: losses, of shape (steps,); steps: how many steps are made
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = len(first)
    counts = torch.bincount(first * V + second, minlength=V * V).reshape(V, V).double()
    totals = counts.sum(dim=1, keepdim=True)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses: list[float] = []
    for _ in range(steps):
        logp = logits.log_softmax(dim=1)
        losses.append((-(counts * logp).sum() / N).item())
        if len(losses) > 1 and losses[-2] - losses[-1] < 1e-7:
            break
        logits = logits - rate * (totals * logp.exp() - counts) / N
    return logits.float(), torch.tensor(losses, dtype=torch.float32)
