# wrong: adds rows with grad[first] += rows, so that of several pairs with the same first only the last counts | violates: A pair that occurs several times counts each time.
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    N = first.shape[0]
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.zeros(steps, dtype=torch.float64)
    everything = torch.arange(N)
    for step in range(steps):
        probs = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
        rows = probs[first]
        losses[step] = -rows[everything, second].log().mean()
        rows[everything, second] -= 1
        gradient = torch.zeros(V, V, dtype=torch.float64)
        gradient[first] += rows / N
        logits = logits - rate * gradient
    return logits.float(), losses.float()
