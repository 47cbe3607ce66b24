# wrong: the decay uses the parameter as already changed by the gradient step | violates: In the last line, the w on the right is the parameter as it was before the step.
"""AdamW."""

from collections.abc import Iterable
from typing import Any

import torch


class AdamW:
    def __init__(
        self,
        params: Iterable[torch.Tensor] | Iterable[dict[str, Any]],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        items = [*params]
        groups = items if isinstance(items[0], dict) else [{"params": items}]
        self.param_groups: list[dict[str, Any]] = []
        for given in groups:
            group = dict(given)
            group["params"] = [*given["params"]]
            group.setdefault("lr", lr)
            group.setdefault("betas", betas)
            group.setdefault("eps", eps)
            group.setdefault("weight_decay", weight_decay)
            self.param_groups.append(group)
        self.t: dict[int, int] = {}
        self.m: dict[int, torch.Tensor] = {}
        self.v: dict[int, torch.Tensor] = {}

    def step(self) -> None:
        with torch.no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        self._update(p, group)

    def _update(self, p: torch.Tensor, group: dict[str, Any]) -> None:
        b1, b2 = group["betas"]
        key = id(p)
        t = self.t[key] = self.t.get(key, 0) + 1
        if t == 1:
            self.m[key] = torch.zeros_like(p)
            self.v[key] = torch.zeros_like(p)
        m, v = self.m[key], self.v[key]
        m.mul_(b1).add_(p.grad, alpha=1 - b1)
        v.mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
        denominator = (v / (1 - b2**t)).sqrt_().add_(group["eps"])
        p.addcdiv_(m, denominator, value=-group["lr"] / (1 - b1**t))
        p.mul_(1 - group["lr"] * group["weight_decay"])

    def zero_grad(self) -> None:
        for p in (p for group in self.param_groups for p in group["params"]):
            p.grad = None
