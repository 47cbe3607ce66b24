# right: an autograd Function with the derivative by hand
import math

import torch

C = math.sqrt(2 / math.pi)


class _Gelu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 0.5 * x * (1 + torch.tanh(C * (x + 0.044715 * x**3)))

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        t = torch.tanh(C * (x + 0.044715 * x**3))
        slope = 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * C * (1 + 3 * 0.044715 * x**2)
        return grad_output * slope


def gelu(x: torch.Tensor) -> torch.Tensor:
    """Return the Gaussian error linear unit of each number of ``x``, in GPT-2's tanh form."""
    return _Gelu.apply(x)
