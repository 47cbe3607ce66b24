# right: a helper class for the moments, lerp, detach and copy_
"""AdamW."""

from collections.abc import Iterable
from typing import Any

import torch


class _Moments:
    """t, m and v of one parameter."""

    def __init__(self, like: torch.Tensor) -> None:
        self.t = 0
        self.m = torch.zeros_like(like, requires_grad=False)
        self.v = torch.zeros_like(like, requires_grad=False)

    def direction(self, g: torch.Tensor, betas: tuple[float, float], eps: float) -> torch.Tensor:
        self.t += 1
        self.m = torch.lerp(self.m, g, 1 - betas[0])
        self.v = torch.lerp(self.v, g * g, 1 - betas[1])
        m_hat, v_hat = (
            average / (1 - beta**self.t) for average, beta in zip((self.m, self.v), betas)
        )
        return m_hat / (torch.sqrt(v_hat) + eps)


class AdamW:
    def __init__(
        self,
        params: Iterable[torch.Tensor] | Iterable[dict[str, Any]],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        given = list(params)
        if isinstance(given[0], torch.Tensor):
            given = [dict(params=given)]
        self.param_groups = [
            {
                "params": list(entry["params"]),
                "lr": entry.get("lr", lr),
                "betas": entry.get("betas", betas),
                "eps": entry.get("eps", eps),
                "weight_decay": entry.get("weight_decay", weight_decay),
            }
            for entry in given
        ]
        self._moments: dict[torch.Tensor, _Moments] = {}

    def step(self) -> None:
        for group in self.param_groups:
            for w in group["params"]:
                if w.grad is None:
                    continue
                if w not in self._moments:
                    self._moments[w] = _Moments(w.detach())
                old = w.detach()
                change = self._moments[w].direction(w.grad.detach(), group["betas"], group["eps"])
                change = change + group["weight_decay"] * old
                old.copy_(old - group["lr"] * change)

    def zero_grad(self) -> None:
        for group in self.param_groups:
            for w in group["params"]:
                w.grad = None
