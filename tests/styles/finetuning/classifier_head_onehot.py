"""The last real position as a one-hot row, by which the states are multiplied."""

from torch import nn


class Classifier(nn.Module):
    """A subset of the parts in a Sequential that is no attribute."""

    def __init__(self, model, classes):
        super().__init__()
        self.model = model
        self.head = nn.Linear(model.tokens.weight.shape[-1], classes)

    def hidden(self, ids):
        """Return what the output layer of the GPT reads."""
        parts = [self.model.tokens, self.model.positions, *self.model.blocks, self.model.norm]
        return nn.Sequential(*parts)(ids)

    def forward(self, ids, mask):
        """Multiply the states of all positions by 0, but one by 1."""
        counts = mask.long().cumsum(1)
        if (counts[:, -1:] == 0).any() or ids.shape[1] == 0:
            raise ValueError("an empty text")
        chosen = (counts == counts[:, -1:]) & mask
        states = self.hidden(ids)
        return self.head((states * chosen.unsqueeze(-1).to(states.dtype)).sum(1))
