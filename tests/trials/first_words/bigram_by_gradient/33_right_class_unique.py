# right: a small class over the distinct pairs with their numbers (torch.unique), log_softmax and a one-step method
import torch


class _Table:
    def __init__(self, first: torch.Tensor, second: torch.Tensor, V: int) -> None:
        pairs, number = torch.unique(torch.stack((first, second)), dim=1, return_counts=True)
        self.where = (pairs[0], pairs[1])
        self.share = number.double() / first.numel()
        self.logits = torch.zeros(V, V, dtype=torch.float64)
        self.row_share = torch.zeros(V, dtype=torch.float64).index_add_(0, pairs[0], self.share)

    def step(self, rate: float) -> float:
        """Make one step and return the loss before it."""
        log_p = torch.log_softmax(self.logits, dim=1)
        loss = -torch.dot(self.share, log_p[self.where]).item()
        gradient = self.row_share[:, None] * log_p.exp()
        gradient.index_put_(self.where, -self.share, accumulate=True)
        self.logits = self.logits - rate * gradient
        return loss


def fit(
    first: torch.Tensor, second: torch.Tensor, V: int, steps: int, rate: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Fit a table of logits to pairs of characters by gradient descent."""
    model = _Table(first, second, V)
    losses = [model.step(rate) for _ in range(steps)]
    return model.logits.float(), torch.tensor(losses, dtype=torch.float32)
