"""AdamW with an object for each parameter, which knows its moments."""

import torch


class Moments:
    """The running averages of one parameter."""

    def __init__(self, like):
        self.t = 0
        self.mean = torch.zeros_like(like, requires_grad=False)
        self.square = torch.zeros_like(like, requires_grad=False)

    def update(self, g, beta1, beta2):
        """Take a gradient in, and return the corrected averages."""
        self.t += 1
        self.mean.lerp_(g, 1 - beta1)
        self.square.lerp_(g.square(), 1 - beta2)
        return self.mean / (1 - beta1**self.t), self.square / (1 - beta2**self.t)


class AdamW:
    """Update parameters from their gradients."""

    def __init__(
        self,
        params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        entries = tuple(params)
        if torch.is_tensor(entries[0]):
            self.param_groups = [defaults | {"params": list(entries)}]
        else:
            self.param_groups = [defaults | e | {"params": [*e["params"]]} for e in entries]
        self._moments = {p: Moments(p) for g in self.param_groups for p in g["params"]}

    @torch.no_grad()
    def step(self):
        """Apply the update to each parameter with a gradient."""
        for group in self.param_groups:
            for p in filter(lambda p: p.grad is not None, group["params"]):
                mean, square = self._moments[p].update(p.grad, *group["betas"])
                decayed = p * (1 - group["lr"] * group["weight_decay"])
                p.copy_(decayed - group["lr"] * mean / (square.sqrt() + group["eps"]))

    def zero_grad(self):
        """Set each gradient to None."""
        for group in self.param_groups:
            for p in group["params"]:
                del p.grad
