# right: a plain loop over the positions
import torch


def loss_of(x: torch.Tensor, t: int) -> torch.Tensor:
    """The loss of one position."""
    top = max(x.tolist())
    return torch.log(torch.sum(torch.exp(x - top))) + top - x[t]


def cross_entropy(logits, targets, ignore_index=-100):
    """The mean loss over the positions that are not ignored."""
    total = logits[..., :0].sum()  # 0, connected to the logits
    count = 0
    for x, t in zip(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1).tolist()):
        if t == ignore_index:
            continue
        total = total + loss_of(x, t)
        count += 1
    return total / count if count else total
