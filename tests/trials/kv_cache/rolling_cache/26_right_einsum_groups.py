# right: einsum groups
import torch


class RollingCache:
    def __init__(
        self,
        layers: int,
        batch: int,
        kv_heads: int,
        window: int,
        head_dim: int,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.keys = torch.zeros(layers, batch, kv_heads, window, head_dim, dtype=dtype)
        self.values = torch.zeros(layers, batch, kv_heads, window, head_dim, dtype=dtype)
        self.tokens = torch.full((layers, window), -1)  # which token stands at each place
        self.length = [0] * layers

    @torch.no_grad()
    def attend(self, layer: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        b, h, t, d = q.shape
        kv, w = self.keys.shape[2:4]
        position = self.length[layer] + torch.arange(t)
        there = self.tokens[layer] >= 0
        tokens = torch.cat([self.tokens[layer][there], position])
        keys = torch.cat([self.keys[layer][:, :, there], k], dim=2)
        values = torch.cat([self.values[layer][:, :, there], v], dim=2)
        distance = position[:, None] - tokens[None, :]
        scores = torch.einsum("bghid,bgjd->bghij", q.reshape(b, kv, h // kv, t, d), keys) * d**-0.5
        scores[..., (distance < 0) | (distance >= w)] = -torch.inf
        output = torch.einsum("bghij,bgjd->bghid", scores.softmax(-1), values).reshape(b, h, t, d)

        last = position[-w:]
        self.keys[layer].index_copy_(2, last % w, k[:, :, -w:])
        self.values[layer].index_copy_(2, last % w, v[:, :, -w:])
        self.tokens[layer, last % w] = last
        self.length[layer] += t
        return output
