# right: narrow tensor
import torch


class Cache:
    def __init__(
        self,
        layers: int,
        batch: int,
        kv_heads: int,
        context: int,
        head_dim: int,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.keys = torch.zeros(layers, batch, kv_heads, context, head_dim, dtype=dtype)
        self.values = self.keys.clone()
        self.filled = torch.zeros(layers, dtype=torch.int64)

    def __len__(self) -> int:
        return int(self.filled.min())

    @torch.no_grad()
    def append(self, layer, k, v):
        start, count = int(self.filled[layer]), k.size(-2)
        if start + count > self.keys.size(-2):
            raise ValueError(f"{start} + {count} tokens are more than {self.keys.size(-2)}")
        result = []
        for storage, new in ((self.keys, k), (self.values, v)):
            storage[layer].narrow(-2, start, count).copy_(new)
            result.append(storage[layer].narrow(-2, 0, start + count))
        self.filled[layer] += count
        return tuple(result)

    def clear(self) -> None:
        self.filled.zero_()
