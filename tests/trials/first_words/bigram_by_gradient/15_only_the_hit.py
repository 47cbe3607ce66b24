# wrong: changes only the logit that was hit (p - 1) and leaves the others of the row | violates: gradient[i, j] = 1/N  sum over all n with first[n] = i of  (p(j | i) - hit(n, j))
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = len(first)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.zeros(steps, dtype=torch.float64)
    for step in range(steps):
        exps = logits.exp()
        p = (exps / exps.sum(dim=1, keepdim=True))[first, second]
        losses[step] = -p.log().mean()
        gradient = torch.zeros_like(logits)
        gradient.index_put_((first, second), (p - 1) / N, accumulate=True)
        logits = logits - rate * gradient
    return logits.float(), losses.float()
