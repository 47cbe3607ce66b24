"""GPT-2's initialisation: standard deviation 0.02, less where a block adds to the stream."""

import math

import torch

from exercises.model.gpt import GPT


def initialise(model: GPT, seed: int) -> None:
    """Initialise all parameters of a GPT in place, as GPT-2 does before training.

    With L blocks, every number of a weight is drawn independently from a normal distribution
    with mean 0 and standard deviation

        0.02                the token and the position embedding; query, key, value and up in
                            each block
        0.02 / sqrt(2 L)    out and down in each block, whose outputs are added to the residual
                            stream: 2 L additions

    All biases become 0, and the weights of all norms become 1. The previous values have no
    influence. The parameters remain the same objects with the same dtype, and still require
    gradients.

    Equal seeds give equal parameters for models of equal sizes and dtype, different seeds give
    different ones. PyTorch's global generator is not used, and its state does not change.

    Which generator you use, in which order the parameters are drawn, and how you find out of
    which kind a parameter is, is your decision: no particular numbers are expected, only their
    distribution. Float32's accuracy is what is asked, also of a float64 model.

    Args:
        model: a ``GPT`` of the exercise model/gpt.
        seed: an int from 0 to 2^32 - 1.

    Returns:
        None.

    >>> model = GPT(vocabulary=101, context=11, width=96, layers=2, heads=1)
    >>> initialise(model, seed=1)
    >>> out = model.blocks[0].attention.out
    >>> [round(layer.weight.std().item(), 3) for layer in (model.tokens, out)]
    [0.02, 0.01]

    Not to be used: ``torch.manual_seed``. Source: Radford et al., Language Models are Unsupervised
    Multitask Learners, 2019, section 2.3; Radford et al., Improving Language Understanding by
    Generative Pre-Training, 2018, section 4.1.
    """
    raise NotImplementedError("write initialise (about 12 lines)")
