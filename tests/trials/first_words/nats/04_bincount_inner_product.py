# right: second table by bincount, inner product with logs
import torch


def _indices(text, letters):
    if len(text) < 2:
        raise ValueError("too short")
    try:
        return torch.tensor(list(map({c: i for i, c in enumerate(letters)}.__getitem__, text)))
    except KeyError as error:
        raise ValueError(f"unknown character {error}") from None


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    t = _indices(text, letters)
    v = len(letters)
    seen = torch.bincount(t[:-1] * v + t[1:], minlength=v * v).view(v, v)
    smooth = (counts + 1).to(torch.float64)
    log_p = smooth.log() - smooth.sum(1, keepdim=True).log()
    return -float((seen * log_p).sum() / seen.sum())
