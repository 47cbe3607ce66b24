# right: a torch.autograd.Function with the gradient p - onehot written by hand
import torch


class _CrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, t):
        z = x - x.amax(-1, keepdim=True)
        e = z.exp()
        total = e.sum(-1, keepdim=True)
        rows = torch.arange(t.numel(), device=t.device)
        ctx.save_for_backward(e / total, rows, t)
        losses = total.squeeze(-1).log() - z[rows, t]
        return losses.sum() / max(t.numel(), 1)

    @staticmethod
    def backward(ctx, upstream):
        p, rows, t = ctx.saved_tensors
        grad = p.clone()
        grad[rows, t] -= 1
        return upstream * grad / max(t.numel(), 1), None


def cross_entropy(
    logits: torch.Tensor, targets: torch.Tensor, ignore_index: int = -100
) -> torch.Tensor:
    """The mean loss over the positions that are not ignored."""
    valid = targets.ne(ignore_index)
    return _CrossEntropy.apply(logits[valid], targets[valid])
