# wrong: the seen ids are kept in a module variable between calls | violates: The logits of all other tokens stay as they are
import torch


_seen: dict[tuple[int, int], set[int]] = {}


def repetition_penalty(logits: torch.Tensor, ids: torch.Tensor, penalty: float) -> torch.Tensor:
    if penalty <= 0:
        raise ValueError("penalty must be positive")
    size = logits.shape[-1]
    out = logits.clone().reshape(-1, size)
    texts = ids.reshape(out.shape[0], ids.shape[-1]).tolist()
    for r, text in enumerate(texts):
        known = _seen.setdefault((r, size), set())
        known.update(text)  # only the new tokens cost something
        for i in known:
            x = out[r, i].item()
            out[r, i] = x / penalty if x > 0 else x * penalty
    return out.reshape(logits.shape)
