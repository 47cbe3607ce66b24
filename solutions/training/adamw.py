"""AdamW: the optimizer with which language models are trained."""

from collections.abc import Iterable
from typing import Any

import torch


class AdamW:
    """Update parameters from their gradients, each number with a step size of its own.

    Notation: a parameter w and its gradient g, which is ``w.grad``; the settings lr, (beta1,
    beta2), eps and weight_decay of its group. Each parameter has a step count t and two running
    averages of its shape, m and v; they start as 0 and zeros. In each step, elementwise and in
    this order,

        t = t + 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g^2
        w = w - lr * (m_hat / (sqrt(v_hat) + eps) + weight_decay * w)

            where m_hat = m / (1 - beta1^t) and v_hat = v / (1 - beta2^t)

    In the last line, the w on the right is the parameter as it was before the step.

    A parameter whose ``grad`` is None is left out of the step: w, t, m and v stay as they are. A
    gradient of zeros is a gradient like any other.

    t, m and v belong to one optimizer: another one for the same parameters, also one that is
    created later, begins with zeros.

    The attribute ``param_groups`` is a list of dicts, one for each group, with the keys
    "params", a list of the parameters themselves, "lr", "betas", "eps" and "weight_decay". A
    step uses the settings that a group has at that moment, so that a schedule can set
    ``group["lr"]``.

    With the same gradients, float64 parameters follow those of ``torch.optim.AdamW`` to 1e-6 over
    100 steps.

    >>> w = torch.nn.Parameter(torch.tensor([2.0, -4.0]))
    >>> optimizer = AdamW([w], lr=0.1, weight_decay=0.5)
    >>> w.grad = torch.tensor([3.0, -0.01])
    >>> optimizer.step()
    >>> w.detach()
    tensor([ 1.8000, -3.7000])

    Not to be used: ``torch.optim``, or another library's optimizer. Source: Loshchilov and Hutter,
    Decoupled Weight Decay Regularization, 2017, algorithm 2 (where weight_decay is not multiplied
    by lr); Kingma and Ba, Adam, 2014, algorithm 1.
    """

    def __init__(
        self,
        params: Iterable[torch.Tensor] | Iterable[dict[str, Any]],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        """Create the groups.

        Args:
            params: the parameters, which make one group; or the groups, each a dict with its
                parameters under "params" and, under "lr", "betas", "eps" and "weight_decay", the
                settings in which it differs from the arguments below. Parameters may come in a
                list or in an iterable that can be read only once, such as
                ``model.parameters()``. Dicts and lists that are passed are not changed. There is
                at least one parameter; each is a float32 or float64 tensor of any shape, and is
                in one group only.
            lr: the learning rate, at least 0.
            betas: beta1 and beta2, each at least 0 and less than 1.
            eps: more than 0.
            weight_decay: at least 0.
        """
        settings = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        groups = list(params)
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        self.param_groups = [
            {**settings, **group, "params": list(group["params"])} for group in groups
        ]
        self.state: dict[torch.Tensor, list[Any]] = {}

    def step(self) -> None:
        """Update each parameter that has a gradient.

        Parameters are changed in place and remain the same objects, with their dtype and
        ``requires_grad``. The gradients are not changed.
        """
        with torch.no_grad():
            for group in self.param_groups:
                lr, (beta1, beta2) = group["lr"], group["betas"]
                for w in [w for w in group["params"] if w.grad is not None]:
                    if w not in self.state:
                        self.state[w] = [0, torch.zeros_like(w), torch.zeros_like(w)]
                    self.state[w][0] += 1
                    t, m, v = self.state[w]
                    m.mul_(beta1).add_(w.grad, alpha=1 - beta1)
                    v.mul_(beta2).addcmul_(w.grad, w.grad, value=1 - beta2)
                    # The averages begin at zero: after t steps their weights sum to 1 - beta^t.
                    root = (v / (1 - beta2**t)).sqrt_()
                    # Decay beside the gradient, not in it, where the root would rescale it.
                    w.mul_(1 - lr * group["weight_decay"])
                    w.addcdiv_(m, root.add_(group["eps"]), value=-lr / (1 - beta1**t))

    def zero_grad(self) -> None:
        """Set the ``grad`` of every parameter to None, in all groups."""
        for group in self.param_groups:
            for w in group["params"]:
                w.grad = None
