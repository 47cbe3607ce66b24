"""GPT-2's initialisation: small normal weights, smaller still where a sum is fed."""

import math

import torch

from exercises.model.gpt import GPT


def initialise(model: GPT, seed: int) -> None:
    """Draw the parameters of a GPT anew, in place, as GPT-2 begins its training.

    With L blocks, each number is drawn by itself from a normal distribution of mean 0 and of

        standard deviation 0.02 for the weights of the token embedding, of the positions, and of
        query, key, value and up in each block;
        standard deviation 0.02 / sqrt(2 L) for the weights of out and down in each block, whose
        results are added to x: there are 2 L such sums.

    All biases become 0, and the weights of all norms become 1. Nothing remains of the numbers
    before. The parameters stay the very objects that they were, of the same dtype, and are
    trained as before.

    Equal seeds give equal numbers for models of equal sizes, and different seeds different
    ones. PyTorch's own generator is neither asked nor moved.

    Args:
        model: a ``GPT`` of the exercise model/gpt.
        seed: an int, at least 0.

    Returns:
        None.

    >>> model = GPT(vocabulary=101, context=11, width=32, layers=2, heads=1)
    >>> initialise(model, seed=1)
    >>> out = model.blocks[0].attention.out
    >>> [round(layer.weight.std().item(), 3) for layer in (model.tokens, out)]
    [0.02, 0.01]

    Not to be used: ``torch.manual_seed``. Source: Radford et al., Language Models are Unsupervised
    Multitask Learners, 2019, section 2.3; Radford et al., Improving Language Understanding by
    Generative Pre-Training, 2018, section 4.1.
    """
    source = torch.Generator().manual_seed(seed)
    # A sum of 2 L independent parts has 2 L times the variance of one. Drawn narrower by the
    # root of that, all blocks together add as much as one part alone would.
    narrow = 0.02 / math.sqrt(2 * len(model.blocks))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            *_, layer, kind = name.split(".")
            if kind == "bias":
                parameter.zero_()
            elif layer.startswith("norm"):
                parameter.fill_(1.0)
            else:
                spread = narrow if layer in ("out", "down") else 0.02
                parameter.normal_(0.0, spread, generator=source)
