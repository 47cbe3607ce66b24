"""Dropout: random elements are set to 0 during training, so that no feature is relied on alone."""

import torch
from torch import nn


class Dropout(nn.Module):
    """Set random elements to 0 during training, and scale up the others.

    In training mode (``self.training``), each element x_i of the input becomes

        y_i = 0                with probability p
        y_i = x_i / (1 - p)    otherwise

    so the expected value of y_i is x_i. With p = 0 every element keeps its value, with p = 1
    every y_i is 0. The elements are drawn independently of each other, along every dimension,
    and anew at each call. The gradient of y_i with respect to x_i is 0 where x_i was set to 0,
    and 1 / (1 - p) elsewhere, also where x_i itself is 0. For no p is a result or a gradient NaN
    or infinite.

    In evaluation mode y equals x for every p, and nothing is drawn: a call in evaluation mode
    does not change what later calls in training mode return.

    A module draws from a generator of its own, which is made from ``seed`` when the module is
    created. Two modules with equal p and seeds that are called with inputs of the same shapes and
    dtypes, in the same order, set the same elements to 0. With different seeds their draws are
    independent, whichever call of the one is compared with whichever call of the other. PyTorch's
    global generator is not used, and its state does not change. The module has no parameters.

    Float32's accuracy is what is asked, also of float64. Which generator you use, and how you
    draw, is your decision: no particular draws are expected.

    >>> dropout = Dropout(p=0.75, seed=0)
    >>> dropout(torch.ones(1000)).unique()
    tensor([0., 4.])
    >>> dropout.eval()(torch.tensor([1.0, -3.0]))
    tensor([ 1., -3.])

    Not to be used: PyTorch's own dropout functions and modules, and ``torch.manual_seed``. Source:
    Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, 2014,
    section 4, here with the factor of its section 10.
    """

    def __init__(self, p: float, seed: int) -> None:
        """Store the probability and make the generator.

        Args:
            p: the probability that an element is set to 0, an int or a float from 0 to 1; any
                other number raises ``ValueError``.
            seed: an int from 0 to 2^32 - 1.
        """
        raise NotImplementedError("write Dropout.__init__ (about 5 lines)")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return y for ``x``.

        Args:
            x: float32 or float64 tensor of any shape, also () or with no elements, whose numbers
                are from -1e4 to 1e4.

        Returns:
            A tensor of the shape and dtype of ``x``; ``x`` is not changed. In evaluation mode,
            and for p = 0, it may be ``x`` itself. Gradients flow to ``x``.
        """
        raise NotImplementedError("write Dropout.forward (about 5 lines)")
