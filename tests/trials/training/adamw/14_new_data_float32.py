# right: averages in float32, which still follow torch.optim.AdamW to 1e-6
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

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for w in group["params"]:
                g = w.grad
                if g is None:
                    continue
                if w not in self.state:
                    self.state[w] = {"t": 0, "m": torch.zeros(w.shape), "v": torch.zeros(w.shape)}
                s = self.state[w]
                s["t"] += 1
                g = g.float()
                s["m"] = beta1 * s["m"] + (1 - beta1) * g
                s["v"] = beta2 * s["v"] + (1 - beta2) * g**2
                m_hat = s["m"] / (1 - beta1 ** s["t"])
                v_hat = s["v"] / (1 - beta2 ** s["t"])
                w -= group["lr"] * (m_hat / (v_hat.sqrt() + group["eps"]) + group["weight_decay"] * w)

    def zero_grad(self) -> None:
        for group in self.param_groups:
            for w in group["params"]:
                w.grad = None
