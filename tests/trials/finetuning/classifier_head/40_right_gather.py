# right: gather
"""A classifier: a language model reads a text, and a new output layer says its class.

Not here: training it.
"""

import torch
from torch import nn

from exercises.model.gpt import GPT


class Classifier(nn.Module):
    """Compute the logits of classes for each sequence of a padded batch.

    Notation: batch size B, sequence length T, embedding dimension C, K classes, and n_b, the number
    of tokens of sequence b without its padding. The hidden states h are what the output layer of
    the GPT ``model`` reads, and ``head`` is an ``nn.Linear`` from C to K with a bias:

        x_0 = positions(tokens(ids))
        x_l = block_l(x_(l-1))        for l = 1 to L
        h = norm(x_L)
        logits[b] = head(h[b, n_b - 1])

    with ``tokens``, ``positions``, ``blocks`` and ``norm`` of the model. The class is read at the
    last real token, because it alone depends on the whole sequence. The model's output layer, which
    multiplies h by the transposed weight of the token embedding, is not used.

    Padding changes nothing: the logits of a sequence do not depend on how much padding follows it,
    on the ids there, or on the other sequences of the batch. A real token may have the same id as
    the padding. Logits are returned, without softmax. There is no dropout; training and evaluation
    mode compute the same. Float32's accuracy is what is asked, also of a float64 model.

    The module has two attributes, ``model`` and ``head``, and no parameters besides theirs.
    ``model`` is the module that was passed, not a copy, so training the classifier trains it too.
    ``head`` has the random initialisation of ``nn.Linear``.

    >>> model = GPT(vocabulary=7, context=5, width=6, layers=1, heads=3)
    >>> classifier = Classifier(model, classes=2)
    >>> ids = torch.tensor([[5, 6, 3], [4, 0, 0]])
    >>> mask = torch.tensor([[True, True, True], [True, False, False]])
    >>> _ = nn.init.zeros_(classifier.head.weight)  # only the bias is left
    >>> _ = classifier.head.bias.data.copy_(torch.tensor([1.0, 2.0]))
    >>> classifier(ids, mask).tolist()
    [[1.0, 2.0], [1.0, 2.0]]

    Source: Radford et al., Improving Language Understanding by Generative Pre-Training, 2018,
    section 3.2.
    """

    def __init__(self, model: GPT, classes: int) -> None:
        """Keep the model and create the head. Nothing in the model is changed.

        Args:
            model: a GPT with parameters in float32, of any size; C is its embedding dimension.
            classes: the number of classes K, at least 1.
        """
        super().__init__()
        self.model = model
        self.head = nn.Linear(next(model.tokens.parameters()).shape[-1], classes)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the logits of the classes.

        Args:
            ids: int64 tensor of shape (B, T), padded at the right, of ids of the vocabulary, also
                in the padding. B is at least 1. ``ValueError`` is raised if T is more than the
                context length.
            mask: bool tensor of shape (B, T), as ``padded_batch`` returns it: in row b the first
                n_b are True, the others False. ``ValueError`` is raised if n_b is 0 in any row.

        Returns:
            A new tensor of shape (B, K) in the dtype of the parameters; ``ids`` and ``mask`` are
            not changed. Gradients flow to the head and to all parameters of the model.
        """
        if not mask.any(dim=1).all():
            raise ValueError("n_b is 0")
        gpt = self.model
        x = gpt.tokens(ids)
        x = gpt.positions(x)
        for layer in gpt.blocks:
            x = layer(x)
        last = (mask.long().cumsum(dim=1) * mask).argmax(dim=1)
        index = last.reshape(-1, 1, 1).expand(-1, 1, x.shape[-1])
        return self.head(gpt.norm(x.gather(1, index).squeeze(1)))
