# right: two float32 logarithms, subtracted
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    t = torch.tensor([letters.index(c) for c in text])
    smooth = (counts + 1).float()
    log_p = smooth.log() - smooth.sum(1, keepdim=True).log()
    return -log_p[t[:-1], t[1:]].mean().item()
