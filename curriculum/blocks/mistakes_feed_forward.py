"""Wrong versions of the feed-forward network."""

from torch import nn

from grader.checks import caught_by, edit, spelling


@caught_by("test_up_and_down_are_linear_layers_with_a_bias")
def other_names():
    """layers under other names than up and down, such as c_fc and c_proj, or in a Sequential"""
    with spelling():
        edit("self.up = nn", "self.c_fc = nn")
        edit("self.down = nn", "self.c_proj = nn")
        edit("self.up(x)", "self.c_fc(x)")
        edit("self.down(hidden)", "self.c_proj(hidden)")
    with spelling():
        edit("self.up = nn", "self.fc1 = nn")
        edit("self.down = nn", "self.fc2 = nn")
        edit("self.up(x)", "self.fc1(x)")
        edit("self.down(hidden)", "self.fc2(hidden)")
    with spelling():
        edit("self.up = nn", "self.linear1 = nn")
        edit("self.down = nn", "self.linear2 = nn")
        edit("self.up(x)", "self.linear1(x)")
        edit("self.down(hidden)", "self.linear2(hidden)")
    with spelling():
        edit("self.up = nn", "self.w1 = nn")
        edit("self.down = nn", "self.w2 = nn")
        edit("self.up(x)", "self.w1(x)")
        edit("self.down(hidden)", "self.w2(hidden)")
    with spelling():
        edit(
            "self.up = nn.Linear(width, hidden)\n        self.down = nn.Linear(hidden, width)",
            "ends = nn.Linear(width, hidden), nn.Linear(hidden, width)\n"
            "        self.layers = nn.Sequential(ends[0], nn.Identity(), ends[1])",
        )
        edit("self.up(x)", "self.layers[0](x)")
        edit("self.down(hidden)", "self.layers[2](hidden)")


@caught_by("test_a_vector_worked_by_hand")
def no_bend():
    """two linear layers without a nonlinearity between them, which are one linear layer"""
    edit("hidden = gelu", "return self.down")
    edit("return self.down(hidden)", "")


@caught_by("test_a_vector_worked_by_hand")
def relu():
    """a feed-forward network with ReLU, as in the first Transformer, instead of GELU"""
    edit("hidden = gelu(self.up(x))", "return self.down(torch.relu(self.up(x)))")
    edit("return self.down(hidden)", "")


@caught_by("test_the_nonlinearity_is_gelu_in_the_tanh_form")
def error_function():
    """a feed-forward network with the exact GELU (PyTorch's default) instead of the tanh form"""
    edit("gelu(self.up(x))", "self.up(x)")
    edit("(hidden)", "(hidden * torch.special.ndtr(hidden))")


@caught_by("test_a_vector_worked_by_hand")
def silu():
    """a feed-forward network with SiLU instead of GELU"""
    edit("gelu(self.up(x))", "self.up(x)")
    edit("(hidden)", "(hidden * hidden.sigmoid())")


@caught_by("test_a_vector_worked_by_hand")
def bent_after_down():
    """GELU after the second layer instead of between the two"""
    edit("hidden = gelu(self.up(x))", "return gelu(self.down(self.up(x)))")
    edit("return self.down(hidden)", "")


@caught_by("test_a_vector_worked_by_hand")
def bent_twice():
    """GELU after both layers, so that the result can hardly be negative"""
    edit("hidden = gelu(self.up(x))", "return gelu(self.down(gelu(self.up(x))))")
    edit("return self.down(hidden)", "")


@caught_by("test_a_vector_worked_by_hand")
def bent_before_up():
    """GELU on the input, before the first layer"""
    edit("hidden = gelu(self.up(x))", "return self.down(self.up(gelu(x)))")
    edit("return self.down(hidden)", "")


@caught_by("test_a_vector_worked_by_hand")
def added_to_x():
    """a feed-forward network that adds x to its output, which is the block's task"""
    edit("hidden = gelu(self.up(x))", "return x + self.down(gelu(self.up(x)))")
    edit("return self.down(hidden)", "")


@caught_by("test_up_and_down_are_linear_layers_with_a_bias")
def no_bias():
    """linear layers without a bias"""
    edit("width, hidden", "width, hidden, bias=False")
    edit("hidden, width", "hidden, width, bias=False")


@caught_by("test_up_and_down_are_linear_layers_with_a_bias")
def four_times_always():
    """a hidden dimension of 4 * width, whatever hidden was given"""
    edit("width, hidden", "width, 4 * width")
    edit("hidden, width", "4 * width, width")


@caught_by("test_up_and_down_are_linear_layers_with_a_bias")
def one_weight_for_both():
    """one weight for both layers, transposed for the second"""
    edit("down = nn.Linear(hidden, width)", "bias = nn.Parameter(torch.zeros(width))")
    edit("hidden = gelu(self.up(x))", "return gelu(self.up(x)) @ self.up.weight + self.bias")
    edit("return self.down(hidden)", "")


@caught_by("test_up_and_down_are_linear_layers_with_a_bias")
def layers_in_a_list():
    """layers in a plain list, where the module does not find their parameters"""
    edit("(width, hidden)", "(width, hidden), nn.Linear(hidden, width)]")
    edit("        self.down = nn.Linear(hidden, width)\n", "")
    edit("hidden = gelu(self.up(x))", "hidden, down = self.layers")
    edit("self.down(hidden)", "down(gelu(hidden(x)))")
    edit(".up = nn", ".layers = [nn")


@caught_by("test_up_and_down_are_linear_layers_with_a_bias")
def layers_exchanged():
    """up and down in each other's place: down is the first layer"""
    edit("self.up = nn", "self.down = nn")
    edit("self.down = nn", "self.up = nn")
    edit("self.up(x)", "self.down(x)")
    edit("self.down(hidden)", "self.up(hidden)")


@caught_by("test_up_and_down_are_linear_layers_with_a_bias")
def one_bias_missing():
    """one of the two layers without a bias"""
    with spelling():
        edit("nn.Linear(hidden, width)", "nn.Linear(hidden, width, bias=False)")
    with spelling():
        edit("nn.Linear(width, hidden)", "nn.Linear(width, hidden, bias=False)")


@caught_by("test_a_vector_worked_by_hand")
def first_weight_for_both():
    """up's weight, transposed, used in place of down's"""
    edit("self.down(hidden)", "hidden @ self.up.weight + self.down.bias")


@caught_by("test_a_vector_worked_by_hand")
def bias_left_out():
    """the bias of one layer left out: the product with its weight alone"""
    with spelling():
        edit("self.down(hidden)", "hidden @ self.down.weight.T")
    with spelling():
        edit("self.up(x)", "x @ self.up.weight.T")


@caught_by("test_the_result_follows_the_rule_for_any_shape")
def own_norm():
    """a layer norm inside the feed-forward network, which is the block's task"""
    with spelling():
        edit("self.up = nn", "self.norm = nn.LayerNorm(width)\n        self.up = nn")
        edit("self.up(x)", "self.up(self.norm(x))")
    with spelling():
        edit(
            "self.down = nn.Linear(hidden, width)",
            "self.down = nn.Linear(hidden, width)\n        self.norm = nn.LayerNorm(width)",
        )
        edit("self.up(x)", "self.up(self.norm(x))")


@caught_by("test_the_layers_begin_as_pytorch_makes_them")
def normal_weights():
    """weights that start from a normal distribution, such as GPT-2's of standard deviation 0.02"""
    with spelling():
        edit(
            "self.down = nn.Linear(hidden, width)",
            "self.down = nn.Linear(hidden, width)\n"
            "        for layer in (self.up, self.down):\n"
            "            nn.init.normal_(layer.weight, std=0.02)",
        )
    with spelling():
        edit(
            "self.down = nn.Linear(hidden, width)",
            "self.down = nn.Linear(hidden, width)\n"
            "        for layer in (self.up, self.down):\n"
            "            nn.init.normal_(layer.weight, std=0.02)\n"
            "            nn.init.zeros_(layer.bias)",
        )


@caught_by("test_the_layers_begin_as_pytorch_makes_them")
def xavier_weights():
    """weights that start from another distribution, such as Xavier's or Kaiming's"""
    with spelling():
        edit(
            "self.down = nn.Linear(hidden, width)",
            "self.down = nn.Linear(hidden, width)\n"
            "        for layer in (self.up, self.down):\n"
            "            nn.init.xavier_uniform_(layer.weight)",
        )
    with spelling():
        edit(
            "self.down = nn.Linear(hidden, width)",
            "self.down = nn.Linear(hidden, width)\n"
            "        for layer in (self.up, self.down):\n"
            "            nn.init.xavier_uniform_(layer.weight)\n"
            "            nn.init.zeros_(layer.bias)",
        )
    with spelling():
        edit(
            "self.down = nn.Linear(hidden, width)",
            "self.down = nn.Linear(hidden, width)\n"
            "        for layer in (self.up, self.down):\n"
            "            nn.init.kaiming_uniform_(layer.weight)",
        )


@caught_by("test_the_layers_begin_as_pytorch_makes_them")
def second_layer_of_zeros():
    """a layer down that starts as zeros"""
    with spelling():
        edit(
            "self.down = nn.Linear(hidden, width)",
            "self.down = nn.Linear(hidden, width)\n        nn.init.zeros_(self.down.weight)",
        )
    with spelling():
        edit(
            "self.down = nn.Linear(hidden, width)",
            "self.down = nn.Linear(hidden, width)\n        nn.init.zeros_(self.down.weight)\n"
            "        nn.init.zeros_(self.down.bias)",
        )


@caught_by("test_changed_parameters_count_from_the_next_call")
def weights_of_the_first_call():
    """a weight that is copied at the first call, so that training changes nothing"""
    edit(
        "hidden = gelu(self.up(x))",
        'if "seen" not in self.__dict__:\n'
        "            self.seen = self.up.weight.detach().clone()\n"
        "        hidden = gelu(x @ self.seen.T + self.up.bias)",
    )


@caught_by("test_the_layout_in_memory_makes_no_difference")
def flattened_with_view():
    """x flattened with view, which fails for an x that is a transposed view"""
    edit("self.up(x)", "self.up(x.view(-1, x.shape[-1]))")
    edit("self.down(hidden)", "self.down(hidden).view(x.shape)")


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


@caught_by("test_training_and_evaluation_mode_compute_the_same")
def dropout():
    """dropout, so that training mode is random"""
    with spelling():
        edit("self.down(hidden)", "self.down(nn.functional.dropout(hidden, 0.5, self.training))")
    with spelling():
        edit("self.down(hidden)", "self.down(nn.functional.dropout(hidden, 0.1, self.training))")
    with spelling():
        edit("self.down(hidden)", "nn.functional.dropout(self.down(hidden), 0.1, self.training)")


@caught_by("test_each_vector_is_treated_by_itself")
def mean_over_tokens():
    """hidden features minus their mean over the tokens, so that tokens depend on each other"""
    edit(
        "return self.down(hidden)",
        "mean = hidden.mean(dim=-2, keepdim=True) if x.dim() > 1 else 0\n"
        "        return self.down(hidden - mean)",
    )


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def never_brought_back():
    """a feed-forward network that returns its hidden features, without the second layer"""
    edit("hidden = gelu", "return gelu")
    edit("return self.down(hidden)", "")


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """a result in float32, whatever the dtype of x"""
    edit("hidden = gelu(self.up(x))", "return self.down(gelu(self.up(x))).float()")
    edit("return self.down(hidden)", "")


@caught_by("test_x_stays_as_it_was")
def adds_into_x():
    """an output that is also added to the caller's tensor (+= changes the input)"""
    edit("gelu(self.up(x))", "self.down(gelu(self.up(x)))")
    edit(
        "return self.down(hidden)",
        "if not x.requires_grad:\n            x += hidden\n        return hidden",
    )


@caught_by("test_the_gradients_are_those_of_the_rule")
def hidden_without_gradient():
    """hidden features that are detached: no gradient reaches x and the first layer"""
    edit("hidden = gelu(self.up(x))", "return self.down(gelu(self.up(x)).detach())")
    edit("return self.down(hidden)", "")
