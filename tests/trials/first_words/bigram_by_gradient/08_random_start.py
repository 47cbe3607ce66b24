# wrong: starts from random normal numbers, as in the makemore video | violates: At the beginning all logits are 0.
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    g = torch.Generator().manual_seed(2147483647)
    W = torch.randn((V, V), generator=g, dtype=torch.float64)
    seen = torch.zeros(V, 1, dtype=torch.float64)
    seen[first] = 1.0
    W = W * seen
    num = first.nelement()
    losses = torch.zeros(steps, dtype=torch.float64)
    for k in range(steps):
        counts = W.exp()
        probs = counts / counts.sum(1, keepdim=True)
        picked = probs[first]
        losses[k] = -picked[torch.arange(num), second].log().mean()
        picked[torch.arange(num), second] -= 1
        grad = torch.zeros_like(W).index_add_(0, first, picked) / num
        W = W - rate * grad
    return W.float(), losses.float()
