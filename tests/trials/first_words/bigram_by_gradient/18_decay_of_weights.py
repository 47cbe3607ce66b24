# wrong: adds the makemore video's regularisation 0.01 * mean of squares to the gradient | violates: logits = logits - rate * gradient, with gradient[i, j] = 1/N sum (p(j | i) - hit(n, j))
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = len(first)
    counts = torch.bincount(first * V + second, minlength=V * V).reshape(V, V).double()
    totals = counts.sum(dim=1, keepdim=True)
    W = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.zeros(steps, dtype=torch.float64)
    for step in range(steps):
        probs = W.exp()
        probs /= probs.sum(dim=1, keepdim=True)
        losses[step] = -probs[first, second].log().mean()
        grad = (totals * probs - counts) / N + 0.01 * 2 * W / W.numel()
        W -= rate * grad
    return W.float(), losses.float()
