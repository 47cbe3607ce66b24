"""What goes wrong with the feed-forward network."""

import torch
from torch import nn

from exercises.blocks.gelu import gelu
from grader.course import caught_by


@caught_by("test_a_vector_worked_by_hand")
def no_bend():
    """two linear layers with nothing between them, which are one linear layer"""

    class FeedForward:
        def forward(self, x):
            return self.down(self.up(x))


@caught_by("test_a_vector_worked_by_hand")
def relu():
    """a feed-forward network with ReLU, as in the first transformer, in place of GELU"""

    class FeedForward:
        def forward(self, x):
            return self.down(torch.relu(self.up(x)))


@caught_by("test_the_bend_is_gelu_in_the_tanh_form")
def error_function():
    """a feed-forward network with the exact GELU (PyTorch's default) in place of the tanh form"""

    class FeedForward:
        def forward(self, x):
            hidden = self.up(x)
            return self.down(hidden * torch.special.ndtr(hidden))


@caught_by("test_a_vector_worked_by_hand")
def silu():
    """a feed-forward network with SiLU in place of GELU"""

    class FeedForward:
        def forward(self, x):
            hidden = self.up(x)
            return self.down(hidden * hidden.sigmoid())


@caught_by("test_a_vector_worked_by_hand")
def bent_after_down():
    """GELU after the second layer, where it bends the result, in place of between the two"""

    class FeedForward:
        def forward(self, x):
            return gelu(self.down(self.up(x)))


@caught_by("test_a_vector_worked_by_hand")
def bent_twice():
    """GELU after both layers, so that the result can hardly go below zero"""

    class FeedForward:
        def forward(self, x):
            return gelu(self.down(gelu(self.up(x))))


@caught_by("test_a_vector_worked_by_hand")
def bent_before_up():
    """GELU on what comes in, before the first layer"""

    class FeedForward:
        def forward(self, x):
            return self.down(self.up(gelu(x)))


@caught_by("test_a_vector_worked_by_hand")
def added_to_x():
    """a feed-forward network that adds x to its result, which is the block's business"""

    class FeedForward:
        def forward(self, x):
            return x + self.down(gelu(self.up(x)))


@caught_by("test_up_and_down_are_linear_layers_with_a_bias")
def no_bias():
    """linear layers without a bias"""

    class FeedForward:
        def __init__(self, width, hidden):
            super().__init__()
            self.up = nn.Linear(width, hidden, bias=False)
            self.down = nn.Linear(hidden, width, bias=False)


@caught_by("test_up_and_down_are_linear_layers_with_a_bias")
def four_times_always():
    """four times the width between the layers, whatever hidden says"""

    class FeedForward:
        def __init__(self, width, hidden):
            super().__init__()
            self.up = nn.Linear(width, 4 * width)
            self.down = nn.Linear(4 * width, width)


@caught_by("test_up_and_down_are_linear_layers_with_a_bias")
def one_weight_for_both():
    """one weight for both layers, turned over for the second"""

    class FeedForward:
        def __init__(self, width, hidden):
            super().__init__()
            self.up = nn.Linear(width, hidden)
            self.bias = nn.Parameter(torch.zeros(width))

        def forward(self, x):
            return gelu(self.up(x)) @ self.up.weight + self.bias


@caught_by("test_up_and_down_are_linear_layers_with_a_bias")
def layers_in_a_list():
    """layers kept in a plain list, where the module does not find their parameters"""

    class FeedForward:
        def __init__(self, width, hidden):
            super().__init__()
            self.layers = [nn.Linear(width, hidden), nn.Linear(hidden, width)]

        def forward(self, x):
            up, down = self.layers
            return down(gelu(up(x)))


@caught_by("test_up_and_down_are_linear_layers_with_a_bias")
def layers_numbered():
    """layers in an nn.Sequential, whose parameters are called layers.0 and layers.2"""

    class FeedForward:
        def __init__(self, width, hidden):
            super().__init__()
            bend = nn.Module()
            bend.forward = gelu
            self.layers = nn.Sequential(nn.Linear(width, hidden), bend, nn.Linear(hidden, width))

        def forward(self, x):
            return self.layers(x)


@caught_by("test_the_layers_begin_as_pytorch_makes_them")
def zero_biases():
    """biases that start as zeros"""

    class FeedForward:
        def __init__(self, width, hidden):
            super().__init__()
            self.up = nn.Linear(width, hidden)
            self.down = nn.Linear(hidden, width)
            nn.init.zeros_(self.up.bias)
            nn.init.zeros_(self.down.bias)


@caught_by("test_each_vector_is_treated_by_itself")
def dropout():
    """dropout between the layers, so that training is a matter of chance"""

    class FeedForward:
        def forward(self, x):
            return self.down(nn.functional.dropout(gelu(self.up(x)), 0.5, self.training))


@caught_by("test_each_vector_is_treated_by_itself")
def mean_over_tokens():
    """hidden numbers whose mean over the tokens is taken away, so that tokens meet"""

    class FeedForward:
        def forward(self, x):
            hidden = gelu(self.up(x))
            if x.dim() > 1:
                hidden = hidden - hidden.mean(dim=-2, keepdim=True)
            return self.down(hidden)


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def never_brought_back():
    """a feed-forward network that ends at its hidden numbers"""

    class FeedForward:
        def forward(self, x):
            return gelu(self.up(x))


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """a result in float32, whatever dtype came in"""

    class FeedForward:
        def forward(self, x):
            return self.down(gelu(self.up(x))).float()


@caught_by("test_x_stays_as_it_was")
def adds_into_x():
    """a result that is added into the caller's tensor as well (+= changes the input)"""

    class FeedForward:
        def forward(self, x):
            result = self.down(gelu(self.up(x)))
            if not x.requires_grad:
                x += result
            return result


@caught_by("test_the_gradients_are_those_of_the_rule")
def hidden_without_gradient():
    """hidden numbers that are detached: no gradient reaches x and the first layer"""

    class FeedForward:
        def forward(self, x):
            return self.down(gelu(self.up(x)).detach())
