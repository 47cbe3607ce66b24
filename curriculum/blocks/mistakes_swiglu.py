"""Wrong versions of SwiGLU."""

import torch
from torch import nn

from exercises.blocks.gelu import gelu
from grader.checks import caught_by, edit, spelling


@caught_by("test_gate_up_and_down_are_linear_layers_without_a_bias")
def other_names():
    """layers under other names than gate, up and down, such as w1, w2 and w3"""
    with spelling():
        edit("self.gate =", "self.w1 =")
        edit("self.up =", "self.w3 =")
        edit("self.down =", "self.w2 =")
        edit("self.gate(x)", "self.w1(x)")
        edit("self.down(opened * self.up(x))", "self.w2(opened * self.w3(x))")
    with spelling():
        edit("self.gate =", "self.w1 =")
        edit("self.up = nn.Linear(width, hidden", "self.w2 = nn.Linear(hidden, width")
        edit("self.down = nn.Linear(hidden, width", "self.w3 = nn.Linear(width, hidden")
        edit("self.gate(x)", "self.w1(x)")
        edit("self.down(opened * self.up(x))", "self.w2(opened * self.w3(x))")
    with spelling():
        edit("self.gate =", "self.gate_proj =")
        edit("self.up =", "self.up_proj =")
        edit("self.down =", "self.down_proj =")
        edit("self.gate(x)", "self.gate_proj(x)")
        edit("self.down(opened * self.up(x))", "self.down_proj(opened * self.up_proj(x))")


@caught_by("test_a_vector_worked_by_hand")
def up_bent():
    """SiLU on up's output instead of the gate's"""
    edit(".gate(x)", ".up(x)")
    edit("        opened = g * torch.sigmoid(g)\n", "")
    edit("opened * self.up(x)", "self.gate(x) * (g * torch.sigmoid(g))")


@caught_by("test_a_vector_worked_by_hand")
def product_bent():
    """SiLU on the product of gate and up instead of the gate"""
    edit(".gate(x)", ".gate(x) * self.up(x)")
    edit("        opened = g * torch.sigmoid(g)\n", "")
    edit("opened * self.up(x)", "g * torch.sigmoid(g)")


@caught_by("test_a_vector_worked_by_hand")
def both_bent():
    """SiLU on both outputs, gate's and up's"""
    edit("g = self.gate", "g, opened = self.gate(x), self.up")
    edit("        opened = g * torch.sigmoid(g)\n", "")
    edit("opened * self.up(x)", "g * torch.sigmoid(g) * opened * torch.sigmoid(opened)")


@caught_by("test_a_vector_worked_by_hand")
def sigmoid_gate():
    """a gate of sigmoid(g), not multiplied by g: the original gated linear unit, GLU"""

    class SwiGLU:
        def forward(self, x):
            return self.down(torch.sigmoid(self.gate(x)) * self.up(x))


@caught_by("test_a_vector_worked_by_hand")
def gelu_gate():
    """GELU on the gate instead of SiLU, which is GEGLU"""

    class SwiGLU:
        def forward(self, x):
            return self.down(gelu(self.gate(x)) * self.up(x))


@caught_by("test_a_vector_worked_by_hand")
def relu_gate():
    """ReLU on the gate instead of SiLU, which is ReGLU"""

    class SwiGLU:
        def forward(self, x):
            return self.down(torch.relu(self.gate(x)) * self.up(x))


@caught_by("test_a_vector_worked_by_hand")
def gate_not_bent():
    """a product of gate and up without SiLU, which is the bilinear layer"""

    class SwiGLU:
        def forward(self, x):
            return self.down(self.gate(x) * self.up(x))


@caught_by("test_a_vector_worked_by_hand")
def added():
    """gate and up added instead of multiplied"""
    edit("        opened = g * torch.sigmoid(g)\n", "")
    edit("opened * self", "g * torch.sigmoid(g) + self")


@caught_by("test_a_vector_worked_by_hand")
def up_unused():
    """a plain feed-forward network with SiLU, which does not use up"""
    edit("        opened = g * torch.sigmoid(g)\n", "")
    edit("opened * self.up(x)", "g * torch.sigmoid(g)")


@caught_by("test_a_vector_worked_by_hand")
def gate_serves_twice():
    """the gate's output used also in place of up's"""
    edit("        opened = g * torch.sigmoid(g)\n", "")
    edit("opened * self.up(x)", "g * torch.sigmoid(g) * g")


@caught_by("test_a_vector_worked_by_hand")
def steeper_sigmoid():
    """g sigmoid(1.702 g), an approximation of GELU, instead of g sigmoid(g)"""
    edit("        opened = g * torch.sigmoid(g)\n", "")
    edit("opened * self", "g * torch.sigmoid(1.702 * g) * self")


@caught_by("test_a_vector_worked_by_hand")
def added_to_x():
    """SwiGLU that adds x to its output, which is the block's task"""
    edit("        opened = g * torch.sigmoid(g)\n", "")
    edit("self.down(opened", "x + self.down(g * torch.sigmoid(g)")


@caught_by("test_gate_up_and_down_are_linear_layers_without_a_bias")
def with_biases():
    """linear layers with a bias"""
    edit("gate = nn.Linear(width, hidden, bias=False)", "gate = nn.Linear(width, hidden)")
    edit("up = nn.Linear(width, hidden, bias=False)", "up = nn.Linear(width, hidden)")
    edit("width, bias=False", "width")


@caught_by("test_gate_up_and_down_are_linear_layers_without_a_bias")
def two_thirds():
    """a hidden dimension of two thirds of hidden instead of hidden"""
    with spelling():
        edit("self.gate = nn", "hidden = 2 * hidden // 3\n        self.gate = nn")
    with spelling():
        edit("self.gate = nn", "hidden = max(1, int(2 * hidden / 3))\n        self.gate = nn")


@caught_by("test_gate_up_and_down_are_linear_layers_without_a_bias")
def one_layer_cut_in_two():
    """gate and up as one linear layer of 2 F features, split in two"""
    with spelling():
        edit("        self.gate = nn.Linear(width, hidden, bias=False)\n", "")
        edit("up = nn.Linear(width, hidden", "up = nn.Linear(width, 2 * hidden")
        edit("g = self.gate(x)", "g, opened = self.up(x).chunk(2, dim=-1)")
        edit("opened = g * torch.sigmoid(g)", "return self.down(g * torch.sigmoid(g) * opened)")
        edit("return self.down(opened * self.up(x))", "")
    with spelling():
        edit("        self.gate = nn.Linear(width, hidden, bias=False)\n", "")
        edit("up = nn.Linear(width, hidden", "gate_up = nn.Linear(width, 2 * hidden")
        edit("g = self.gate(x)", "g, opened = self.gate_up(x).chunk(2, dim=-1)")
        edit("opened = g * torch.sigmoid(g)", "return self.down(g * torch.sigmoid(g) * opened)")
        edit("return self.down(opened * self.up(x))", "")
    with spelling():
        edit("        self.gate = nn.Linear(width, hidden, bias=False)\n", "")
        edit("up = nn.Linear(width, hidden", "gate_up = nn.Linear(width, 2 * hidden")
        edit("g = self.gate(x)", "opened, g = self.gate_up(x).chunk(2, dim=-1)")
        edit("opened = g * torch.sigmoid(g)", "return self.down(g * torch.sigmoid(g) * opened)")
        edit("return self.down(opened * self.up(x))", "")


@caught_by("test_the_layers_begin_as_pytorch_makes_them")
def small_normal_weights():
    """weights that start from a normal distribution of standard deviation 0.02"""

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
    edit("        opened = g * torch.sigmoid(g)\n", "")
    edit("opened * self", "g * g.exp() / (1 + g.exp()) * self")


@caught_by("test_a_gate_far_from_zero_is_open_or_shut")
def one_over_exp():
    """a sigmoid written as 1 / (1 + exp(-g)), whose gradient is NaN far below zero"""
    edit("        opened = g * torch.sigmoid(g)\n", "")
    edit("opened * self", "g / (1 + (-g).exp()) * self")


@caught_by("test_training_and_evaluation_mode_compute_the_same")
def dropout():
    """dropout, so that training mode is random"""
    with spelling():
        edit(
            "self.down(opened * self.up(x))",
            "self.down(nn.functional.dropout(opened * self.up(x), 0.1, self.training))",
        )
    with spelling():
        edit(
            "self.down(opened * self.up(x))",
            "self.down(nn.functional.dropout(opened * self.up(x), 0.5, self.training))",
        )
    with spelling():
        edit(
            "self.down(opened * self.up(x))",
            "nn.functional.dropout(self.down(opened * self.up(x)), 0.1, self.training)",
        )


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def never_brought_back():
    """SwiGLU that returns its hidden features, without the layer down"""
    edit("        opened = g * torch.sigmoid(g)\n", "")
    edit("self.down(opened * self.up(x))", "g * torch.sigmoid(g) * self.up(x)")


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """a result in float32, whatever the dtype of x"""
    edit("        opened = g * torch.sigmoid(g)\n", "")
    edit("(opened * self.up(x))", "(g * torch.sigmoid(g) * self.up(x)).float()")


@caught_by("test_x_stays_as_it_was")
def adds_into_x():
    """SwiGLU that also adds its output to the caller's tensor (+= changes the input)"""

    class SwiGLU:
        def forward(self, x):
            g = self.gate(x)
            result = self.down(g * torch.sigmoid(g) * self.up(x))
            if not x.requires_grad:
                x += result
            return result


@caught_by("test_the_gradients_are_those_of_the_rule")
def gate_without_gradient():
    """a gate or its sigmoid that is detached, so that the gate's gradient is incomplete"""
    with spelling():
        edit("        opened = g * torch.sigmoid(g)\n", "")
        edit("opened * self", "g * torch.sigmoid(g).detach() * self")
    with spelling():
        edit("        opened = g * torch.sigmoid(g)\n", "")
        edit("opened * self", "(g * torch.sigmoid(g)).detach() * self")


@caught_by("test_the_gradients_are_those_of_the_rule")
def up_without_gradient():
    """up's output detached, so that up does not learn"""
    edit("self.up(x))", "self.up(x).detach())")


@caught_by("test_a_gate_far_from_zero_is_open_or_shut")
def gate_clamped():
    """gate values clamped to a range such as -50 to 50"""
    with spelling():
        edit("g = self.gate(x)", "g = self.gate(x).clamp(-50, 50)")
    with spelling():
        edit("g = self.gate(x)", "g = self.gate(x).clamp(-20, 20)")


@caught_by("test_the_layers_begin_as_pytorch_makes_them")
def zeros_in_down():
    """a layer down that starts as zeros"""
    edit(
        "self.down = nn.Linear(hidden, width, bias=False)",
        "self.down = nn.Linear(hidden, width, bias=False)\n"
        "        nn.init.zeros_(self.down.weight)",
    )


@caught_by("test_the_layers_begin_as_pytorch_makes_them")
def xavier_weights():
    """weights that start from another distribution, such as Xavier's or Kaiming's"""
    with spelling():
        edit(
            "self.down = nn.Linear(hidden, width, bias=False)",
            "self.down = nn.Linear(hidden, width, bias=False)\n"
            "        for layer in (self.gate, self.up, self.down):\n"
            "            nn.init.xavier_uniform_(layer.weight)",
        )
    with spelling():
        edit(
            "self.down = nn.Linear(hidden, width, bias=False)",
            "self.down = nn.Linear(hidden, width, bias=False)\n"
            "        for layer in (self.gate, self.up, self.down):\n"
            "            nn.init.kaiming_uniform_(layer.weight)",
        )


@caught_by("test_changed_parameters_count_from_the_next_call")
def weights_of_the_first_call():
    """a weight that is copied at the first call, so that training changes nothing"""
    edit(
        "g = self.gate(x)",
        'if "seen" not in self.__dict__:\n'
        "            self.seen = self.gate.weight.detach().clone()\n"
        "        g = x @ self.seen.T",
    )


@caught_by("test_the_layout_in_memory_makes_no_difference")
def flattened_with_view():
    """x flattened with view, which fails for an x that is a transposed view"""
    edit(
        "g = self.gate(x)", "shape, x = x.shape, x.view(-1, x.shape[-1])\n        g = self.gate(x)"
    )
    edit("self.down(opened * self.up(x))", "self.down(opened * self.up(x)).view(shape)")
