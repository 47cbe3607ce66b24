# wrong: keeps the losses in float16, with about three digits | violates: "right to 1 part in 10,000 or to 10^-6"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    if len(text) < 2 or not set(text) <= set(letters):
        raise ValueError("text needs two characters or more, all of them in letters")
    t = torch.tensor([letters.index(c) for c in text])
    smooth = counts.double() + 1
    losses = -torch.log(smooth / smooth.sum(1, keepdim=True))
    return losses.half()[t[:-1], t[1:]].double().mean().item()
