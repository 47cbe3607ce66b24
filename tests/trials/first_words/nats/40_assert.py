# wrong: a bad text fails an assert, so the error is an AssertionError | violates: "any other text raises ValueError"
import torch


def nats(counts: torch.Tensor, letters: list[str], text: str) -> float:
    assert len(text) >= 2, "text is too short"
    assert set(text) <= set(letters), "unknown character"
    t = torch.tensor([letters.index(c) for c in text])
    log_p = torch.log_softmax((counts.double() + 1).log(), dim=1)
    return -log_p[t[:-1], t[1:]].mean().item()
