"""Generation into a buffer, by the Gumbel-max trick."""

import torch


@torch.no_grad()
def generate(model, ids, count, context, *, t=1.0, k=None, end=None, seed=0):
    """Continue each sequence of a batch by up to count tokens."""
    source = torch.Generator()
    source.manual_seed(seed)
    batch, length = ids.shape
    text = torch.empty(batch, length + count, dtype=torch.int64)
    text[:, :length] = ids
    ended = [False] * batch
    training = model.training
    try:
        model.eval()
        while length < text.shape[1] and not all(ended):
            x = model(text[:, max(0, length - context) : length])[:, -1, :]
            if k is not None and k < x.shape[1]:
                order = torch.sort(x, dim=1, descending=True, stable=True).indices
                x = x.scatter(1, order[:, k:], float("-inf"))
            if t > 0:
                noise = torch.empty(x.shape, dtype=torch.float64).exponential_(generator=source)
                x = x.double() / t - noise.log()
            new = x.max(dim=1).indices if t > 0 else x.argmax(dim=1)
            for i in range(batch):
                text[i, length] = end if ended[i] else new[i]
                ended[i] = ended[i] or (end is not None and int(new[i]) == end)
            length += 1
    finally:
        model.train(training)
    return text[:, :length].clone()
