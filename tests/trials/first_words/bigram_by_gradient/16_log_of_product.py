# wrong: multiplies the probabilities before the logarithm, which underflows for many pairs (loss inf) | violates: The loss is the mean over the N pairs of -log p(second[n] | first[n]), in nats (with float32's accuracy).
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = len(first)
    counts = torch.bincount(first * V + second, minlength=V * V).reshape(V, V).double()
    totals = counts.sum(dim=1, keepdim=True)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.zeros(steps, dtype=torch.float64)
    for step in range(steps):
        exps = logits.exp()
        probs = exps / exps.sum(dim=1, keepdim=True)
        losses[step] = -probs[first, second].prod().log() / N
        logits = logits - rate * (totals * probs - counts) / N
    return logits.float(), losses.float()
