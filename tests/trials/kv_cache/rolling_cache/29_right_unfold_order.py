# right: unfold order
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
        self.window = window
        self.keys = torch.zeros(layers, batch, kv_heads, window, head_dim, dtype=dtype)
        self.values = torch.zeros(layers, batch, kv_heads, window, head_dim, dtype=dtype)
        self.count = dict.fromkeys(range(layers), 0)

    @torch.no_grad()
    def attend(self, layer: int, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        w, s, t = self.window, self.count[layer], k.shape[2]
        # The W - 1 tokens before the new ones, the oldest first, then the new ones.
        before = torch.arange(s - w + 1, s)
        places = before % w
        keys = torch.cat([self.keys[layer][:, :, places], k], dim=2)
        values = torch.cat([self.values[layer][:, :, places], v], dim=2)
        exists = torch.cat([before, torch.arange(s, s + t)]) >= 0
        group = q.shape[1] // k.shape[1]
        # One window for each new token: (B, H, T, D, W).
        keys = keys.unfold(2, w, 1).repeat_interleave(group, dim=1)
        values = values.unfold(2, w, 1).repeat_interleave(group, dim=1)
        scores = (q[..., None] * keys).sum(-2) / q.shape[-1] ** 0.5
        scores = torch.where(exists.unfold(0, w, 1), scores, -torch.inf)
        output = (scores.softmax(-1)[..., None, :] * values).sum(-1)
        for i in range(max(0, t - w), t):
            self.keys[layer, :, :, (s + i) % w] = k[:, :, i]
            self.values[layer, :, :, (s + i) % w] = v[:, :, i]
        self.count[layer] = s + t
        return output
