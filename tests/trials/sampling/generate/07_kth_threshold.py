# wrong: keeps all logits that are not below the k-th largest (nanoGPT's idiom), so more than k tokens where logits are equal | violates: token i of the k tokens that sampling/top_k keeps is drawn with probability p_i ... and no other token is drawn
import torch
from torch import nn

from exercises.sampling.temperature import temperature
from exercises.sampling.top_k import top_k


def generate(
    model: nn.Module,
    ids: torch.Tensor,
    count: int,
    context: int,
    *,
    t: float = 1.0,
    k: int | None = None,
    end: int | None = None,
    seed: int = 0,
) -> torch.Tensor:
    g = torch.Generator(device=ids.device).manual_seed(seed)
    before = model.training
    model.eval()
    out = ids.clone()
    ended = torch.zeros_like(ids[:, :1], dtype=torch.bool)
    try:
        with torch.no_grad():
            for _ in range(count):
                logits = model(out[:, -context:])[:, -1, :].double()
                if t == 0:
                    new = logits.argmax(-1, keepdim=True)
                else:
                    if k is not None:
                        v, _ = torch.topk(logits, min(k, logits.size(-1)))
                        logits = logits.masked_fill(logits < v[:, [-1]], -float("inf"))
                    logits = (logits - logits.max(-1, keepdim=True).values) / t
                    new = torch.multinomial(torch.softmax(logits, dim=-1), 1, generator=g)
                if end is not None:
                    new = new.masked_fill(ended, end)
                    ended = ended | (new == end)
                out = torch.cat((out, new), dim=1)
                if ended.all():
                    break
    finally:
        model.train(before)
    return out
