"""What goes wrong with SwiGLU."""

import torch
from torch import nn

from exercises.blocks.gelu import gelu
from grader.course import caught_by


@caught_by("test_a_vector_worked_by_hand")
def up_bent():
    """SiLU on what up gives, and not on what gate gives"""

    class SwiGLU:
        def forward(self, x):
            u = self.up(x)
            return self.down(self.gate(x) * (u * torch.sigmoid(u)))


@caught_by("test_a_vector_worked_by_hand")
def product_bent():
    """SiLU on the product of gate and up, not on the gate alone"""

    class SwiGLU:
        def forward(self, x):
            hidden = self.gate(x) * self.up(x)
            return self.down(hidden * torch.sigmoid(hidden))


@caught_by("test_a_vector_worked_by_hand")
def both_bent():
    """SiLU on what gate gives and on what up gives"""

    class SwiGLU:
        def forward(self, x):
            g, u = self.gate(x), self.up(x)
            return self.down(g * torch.sigmoid(g) * u * torch.sigmoid(u))


@caught_by("test_a_vector_worked_by_hand")
def sigmoid_gate():
    """a gate of sigmoid(g) alone, not multiplied by g, as in the first gated linear unit"""

    class SwiGLU:
        def forward(self, x):
            return self.down(torch.sigmoid(self.gate(x)) * self.up(x))


@caught_by("test_a_vector_worked_by_hand")
def gelu_gate():
    """GELU on the gate in place of SiLU, which is GEGLU"""

    class SwiGLU:
        def forward(self, x):
            return self.down(gelu(self.gate(x)) * self.up(x))


@caught_by("test_a_vector_worked_by_hand")
def relu_gate():
    """ReLU on the gate in place of SiLU, which is ReGLU"""

    class SwiGLU:
        def forward(self, x):
            return self.down(torch.relu(self.gate(x)) * self.up(x))


@caught_by("test_a_vector_worked_by_hand")
def gate_not_bent():
    """a product of gate and up without SiLU"""

    class SwiGLU:
        def forward(self, x):
            return self.down(self.gate(x) * self.up(x))


@caught_by("test_a_vector_worked_by_hand")
def added():
    """gate and up added to each other, not multiplied"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            return self.down(g * torch.sigmoid(g) + self.up(x))


@caught_by("test_a_vector_worked_by_hand")
def up_unused():
    """a plain feed-forward network with SiLU, in which up has no part"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            return self.down(g * torch.sigmoid(g))


@caught_by("test_a_vector_worked_by_hand")
def gate_serves_twice():
    """what gate gives in place of what up gives, as if there were one layer"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            return self.down(g * torch.sigmoid(g) * g)


@caught_by("test_a_vector_worked_by_hand")
def steeper_sigmoid():
    """g sigmoid(1.702 g), which stands for GELU, in place of g sigmoid(g)"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            return self.down(g * torch.sigmoid(1.702 * g) * self.up(x))


@caught_by("test_a_vector_worked_by_hand")
def added_to_x():
    """SwiGLU that adds x to its result, which is the block's business"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            return x + self.down(g * torch.sigmoid(g) * self.up(x))


@caught_by("test_gate_up_and_down_are_linear_layers_without_a_bias")
def with_biases():
    """linear layers with a bias"""

    class SwiGLU:
        def __init__(self, width, hidden):
            super().__init__()
            self.gate = nn.Linear(width, hidden)
            self.up = nn.Linear(width, hidden)
            self.down = nn.Linear(hidden, width)


@caught_by("test_gate_up_and_down_are_linear_layers_without_a_bias")
def two_thirds():
    """two thirds of hidden between the layers, in place of hidden itself"""

    class SwiGLU:
        def __init__(self, width, hidden):
            super().__init__()
            hidden = 2 * hidden // 3
            self.gate = nn.Linear(width, hidden, bias=False)
            self.up = nn.Linear(width, hidden, bias=False)
            self.down = nn.Linear(hidden, width, bias=False)


@caught_by("test_gate_up_and_down_are_linear_layers_without_a_bias")
def one_layer_cut_in_two():
    """gate and up as one layer of twice the width, cut in two"""

    class SwiGLU:
        def __init__(self, width, hidden):
            super().__init__()
            self.up = nn.Linear(width, 2 * hidden, bias=False)
            self.down = nn.Linear(hidden, width, bias=False)

        def forward(self, x):
            g, u = self.up(x).chunk(2, dim=-1)
            return self.down(g * torch.sigmoid(g) * u)


@caught_by("test_gate_up_and_down_are_linear_layers_without_a_bias")
def other_names():
    """layers called w1, w2 and w3, as in Llama's first code"""

    class SwiGLU:
        def __init__(self, width, hidden):
            super().__init__()
            self.w1 = nn.Linear(width, hidden, bias=False)
            self.w2 = nn.Linear(hidden, width, bias=False)
            self.w3 = nn.Linear(width, hidden, bias=False)

        def forward(self, x):
            g = self.w1(x)
            return self.w2(g * torch.sigmoid(g) * self.w3(x))


@caught_by("test_the_layers_begin_as_pytorch_makes_them")
def small_normal_weights():
    """weights that start from a normal distribution of spread 0.02"""

    class SwiGLU:
        def __init__(self, width, hidden):
            super().__init__()
            self.gate = nn.Linear(width, hidden, bias=False)
            self.up = nn.Linear(width, hidden, bias=False)
            self.down = nn.Linear(hidden, width, bias=False)
            for layer in (self.gate, self.up, self.down):
                nn.init.normal_(layer.weight, std=0.02)


@caught_by("test_a_gate_far_from_zero_is_open_or_shut")
def exp_over_exp():
    """a sigmoid written as exp(g) / (1 + exp(g)), which overflows far above zero"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            return self.down(g * g.exp() / (1 + g.exp()) * self.up(x))


@caught_by("test_a_gate_far_from_zero_is_open_or_shut")
def one_over_exp():
    """a sigmoid written as 1 / (1 + exp(-g)), whose gradient is NaN far below zero"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            return self.down(g / (1 + (-g).exp()) * self.up(x))


@caught_by("test_each_vector_is_treated_by_itself")
def dropout():
    """dropout on the hidden numbers, so that training is a matter of chance"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            hidden = g * torch.sigmoid(g) * self.up(x)
            return self.down(nn.functional.dropout(hidden, 0.5, self.training))


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def never_brought_back():
    """SwiGLU that ends at its hidden numbers"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            return g * torch.sigmoid(g) * self.up(x)


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """a result in float32, whatever dtype came in"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            return self.down(g * torch.sigmoid(g) * self.up(x)).float()


@caught_by("test_x_stays_as_it_was")
def adds_into_x():
    """SwiGLU that adds its result into the caller's tensor (+= changes the input)"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            result = self.down(g * torch.sigmoid(g) * self.up(x))
            if not x.requires_grad:
                x += result
            return result


@caught_by("test_the_gradients_are_those_of_the_rule")
def gate_without_gradient():
    """a sigmoid that is detached, so that the gradient of the gate misses a part"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            return self.down(g * torch.sigmoid(g).detach() * self.up(x))
