# wrong: one step count for the whole optimizer, which also goes on for parameters without a gradient | violates: A parameter whose ``grad`` is None is left out of the step: w, t, m and v stay as they are.
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
        params = list(params)
        if not isinstance(params[0], dict):
            params = [{"params": params}]
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        self.param_groups = [defaults | group | {"params": list(group["params"])} for group in params]
        self.state = {}
        self.t = 0

    @torch.no_grad()
    def step(self) -> None:
        self.t += 1
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for w in group["params"]:
                g = w.grad
                if g is None:
                    continue
                if w not in self.state:
                    self.state[w] = {"m": torch.zeros_like(w), "v": torch.zeros_like(w)}
                s = self.state[w]
                s["m"] = beta1 * s["m"] + (1 - beta1) * g
                s["v"] = beta2 * s["v"] + (1 - beta2) * g**2
                m_hat = s["m"] / (1 - beta1 ** self.t)
                v_hat = s["v"] / (1 - beta2 ** self.t)
                w -= group["lr"] * (m_hat / (v_hat.sqrt() + group["eps"]) + group["weight_decay"] * w)

    def zero_grad(self) -> None:
        for group in self.param_groups:
            for w in group["params"]:
                w.grad = None
