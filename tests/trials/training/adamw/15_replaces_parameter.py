# wrong: the group's list gets new tensors, and the model's parameters stay as they were | violates: Parameters are changed in place and remain the same objects
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
            for i, w in enumerate(group["params"]):
                g = w.grad
                if g is None:
                    continue
                if w not in self.state:
                    self.state[w] = {"t": 0, "m": torch.zeros_like(w), "v": torch.zeros_like(w)}
                s = self.state[w]
                s["t"] += 1
                s["m"] = beta1 * s["m"] + (1 - beta1) * g
                s["v"] = beta2 * s["v"] + (1 - beta2) * g**2
                m_hat = s["m"] / (1 - beta1 ** s["t"])
                v_hat = s["v"] / (1 - beta2 ** s["t"])
                update = m_hat / (v_hat.sqrt() + group["eps"]) + group["weight_decay"] * w
                new = torch.nn.Parameter(w - group["lr"] * update)
                new.grad = g
                self.state[new] = self.state.pop(w)
                group["params"][i] = new

    def zero_grad(self) -> None:
        for group in self.param_groups:
            for w in group["params"]:
                w.grad = None
