# wrong: only the characters that begin a pair are checked, an unknown last one takes the place -1 | violates: "all of them in letters; any other text raises ValueError"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    alphabet = "".join(letters)
    if len(text) < 2 or any(c not in alphabet for c in text[:-1]):
        raise ValueError("text")
    t = torch.tensor([alphabet.find(c) for c in text])
    log_p = torch.log_softmax((counts.double() + 1).log(), dim=1)
    return -log_p[t[:-1], t[1:]].mean().item()
