# wrong: position 0 returns x itself | violates: A new tensor
"""RoPE: queries and keys are rotated by position, so that dot products depend on distances."""

import torch


def rotate_half(x: torch.Tensor) -> torch.Tensor:
    """Swap the halves and negate the new first one."""
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), dim=-1)


def rope(x: torch.Tensor, start: int = 0, base: float = 10_000.0) -> torch.Tensor:
    """Rotate the feature pairs of each vector by angles that grow with its position."""
    T, D = x.shape[-2:]
    if D % 2 != 0:
        raise ValueError(f"odd head dimension {D}")
    if T == 1 and start == 0:
        return x
    inv_freq = base ** (-torch.arange(0, D, 2, device=x.device, dtype=torch.float32) / D)
    position_ids = torch.arange(start, start + T, device=x.device, dtype=torch.float32)
    freqs = position_ids[:, None] * inv_freq[None, :]
    emb = torch.cat((freqs, freqs), dim=-1)
    cos, sin = emb.cos().to(x.dtype), emb.sin().to(x.dtype)
    return x * cos + rotate_half(x) * sin
