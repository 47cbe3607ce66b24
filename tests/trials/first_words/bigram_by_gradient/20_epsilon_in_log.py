# wrong: adds 1e-5 to each probability before the logarithm, 'against log 0' | violates: The loss is the mean over the N pairs of -log p(second[n] | first[n]), in nats (with float32's accuracy).
import torch


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    eps = 1e-5
    N = len(first)
    logits = torch.zeros(V, V, dtype=torch.float64)
    losses = torch.zeros(steps, dtype=torch.float64)
    onehot = torch.nn.functional.one_hot(second, V).double()
    for step in range(steps):
        probs = torch.softmax(logits, dim=1)[first]
        losses[step] = -(probs[torch.arange(N), second] + eps).log().mean()
        gradient = torch.zeros_like(logits).index_add_(0, first, probs - onehot) / N
        logits = logits - rate * gradient
    return logits.float(), losses.float()
