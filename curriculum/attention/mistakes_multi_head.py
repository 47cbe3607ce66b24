"""Wrong versions of multi-head attention."""

from torch import nn

from exercises.attention.causal_mask import causal_mask
from exercises.attention.scaled_dot_product import scaled_dot_product
from grader.checks import caught_by, edit, spelling


@caught_by("test_each_head_attends_with_its_own_numbers")
def heads_not_transposed():
    """features reshaped to (B, H, T, D) without a transpose, which mixes the tokens"""
    edit(
        ".unflatten(2, (self.heads, -1)).transpose(1, 2)",
        ".reshape(x.shape[0], self.heads, x.shape[1], -1)",
    )


@caught_by("test_two_heads_by_hand")
def joined_without_transpose():
    """heads concatenated without moving them behind the tokens, which mixes the tokens"""
    edit("transpose(1, 2).flatten(2)", "reshape(x.shape)")


@caught_by("test_each_head_attends_with_its_own_numbers")
def cut_and_joined_without_transpose():
    """heads split and concatenated by view alone: each holds a few tokens, not features"""
    edit(
        ".unflatten(2, (self.heads, -1)).transpose(1, 2)",
        ".reshape(x.shape[0], self.heads, x.shape[1], -1)",
    )
    edit("read.transpose(1, 2).flatten(2)", "read.reshape(x.shape)")


@caught_by("test_two_heads_by_hand")
def every_hth_number():
    """heads of every H-th feature: C split into (D, H) instead of (H, D)"""
    edit("(self.heads, -1)).transpose(1, 2)", "(-1, self.heads)).permute(0, 3, 1, 2)")
    edit("read.transpose(1, 2).flatten(2)", "read.permute(0, 2, 3, 1).flatten(2)")


@caught_by("test_two_heads_by_hand")
def cut_every_hth_number():
    """heads of every H-th feature, concatenated as if each had D adjacent ones"""
    edit("(self.heads, -1)).transpose(1, 2)", "(-1, self.heads)).permute(0, 3, 1, 2)")


@caught_by("test_two_heads_by_hand")
def joined_number_by_number():
    """heads concatenated feature by feature: the first of each head, then the second"""
    edit("read.transpose(1, 2)", "read.permute(0, 2, 3, 1)")


@caught_by("test_each_head_attends_with_its_own_numbers")
def heads_and_width_of_a_head_exchanged():
    """D heads of dimension H instead of H heads of dimension D"""
    edit("self.heads, -1", "-1, self.heads")


@caught_by("test_two_heads_by_hand")
def one_head():
    """one head of all C features, whatever heads was given"""
    edit("self.heads = heads", "self.heads = 1")


@caught_by("test_two_heads_by_hand")
def heads_attend_to_heads():
    """heads left behind the tokens, so that each token's heads attend to each other"""
    edit(".transpose(1, 2) ", "  ")
    edit("transpose(1, 2).", "")
    edit("x.shape[1]", "self.heads")


@caught_by("test_scores_are_divided_by_the_root_of_a_heads_width")
def root_of_the_whole_width():
    """scores divided by the root of C instead of that of D, the head dimension"""
    edit("read =", "read = q @ k.mT / math.sqrt(x.shape[2])\n        read =")
    edit("(x.shape[1])", "(x.shape[1]), -math.inf")
    edit("scaled_dot_product(q, k, v, causal_mask", "read.masked_fill(~causal_mask")
    edit(".out(read", ".out((softmax(read) @ v)")
    edit(
        "import torch", "import math\nfrom exercises.attention.softmax import softmax\nimport torch"
    )


@caught_by("test_scores_are_divided_by_the_root_of_a_heads_width")
def not_scaled():
    """scores that are not divided by the square root of D"""
    edit("scaled_dot_product(q, k", "scaled_dot_product(q * q.shape[-1] ** 0.5, k")


@caught_by("test_scores_are_divided_by_the_root_of_a_heads_width")
def scaled_twice():
    """queries divided by the square root of D before an attention that divides as well"""
    edit("scaled_dot_product(q, k", "scaled_dot_product(q / q.shape[-1] ** 0.5, k")


@caught_by("test_two_heads_by_hand")
def mask_inverted():
    """the mask inverted, as nn.MultiheadAttention expects it: True forbids"""
    edit("causal_mask(x.shape[1])", "~causal_mask(x.shape[1])")


@caught_by("test_a_sequence_of_any_length_is_served")
def mask_of_fixed_length():
    """a mask of fixed size, such as 512 by 512, which longer sequences do not fit"""
    with spelling():
        edit("(x.shape[1])", "(64)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("(x.shape[1])", "(128)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("(x.shape[1])", "(256)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("(x.shape[1])", "(512)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("(x.shape[1])", "(1024)[: x.shape[1], : x.shape[1]]")
    with spelling():
        edit("(x.shape[1])", "(2048)[: x.shape[1], : x.shape[1]]")


@caught_by("test_future_tokens_never_change_an_earlier_output")
def no_mask():
    """attention without a mask: each token attends to later tokens too"""
    edit("read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))", "")
    edit(".out(read", ".out(scaled_dot_product(q, k, v)")


@caught_by("test_each_head_attends_with_its_own_numbers")
def no_last_layer():
    """heads that are concatenated but not passed through the layer out"""
    edit("self.out(read.transpose(1, 2).flatten(2))", "read.transpose(1, 2).flatten(2)")


@caught_by("test_each_head_attends_with_its_own_numbers")
def queries_and_keys_exchanged():
    """queries and keys exchanged: each token's key is compared with the others' queries"""
    edit("q, k, v =", "k, q, v =")


@caught_by("test_each_head_attends_with_its_own_numbers")
def keys_serve_as_values():
    """keys used as values too, so that the layer for values is not used"""
    edit("q, k, v =", "q, k =")
    edit("key, self.value", "key")
    edit("v, causal_mask", "k, causal_mask")


@caught_by("test_each_head_attends_with_its_own_numbers")
def keys_and_values_exchanged():
    """keys and values exchanged: queries are compared with values, and keys are averaged"""
    edit("q, k, v =", "q, v, k =")


@caught_by("test_the_parameters_are_four_weights_and_four_biases")
def bias_always():
    """layers with a bias, whatever bias was given"""
    edit("query = nn.Linear(width, width, bias=bias)", "query = nn.Linear(width, width)")
    edit("key = nn.Linear(width, width, bias=bias)", "key = nn.Linear(width, width)")
    edit("value = nn.Linear(width, width, bias=bias)", "value = nn.Linear(width, width)")
    edit("out = nn.Linear(width, width, bias=bias)", "out = nn.Linear(width, width)")


@caught_by("test_the_parameters_are_four_weights_and_four_biases")
def bias_never():
    """layers without a bias, whatever bias was given"""
    edit(
        "query = nn.Linear(width, width, bias=bias)", "query = nn.Linear(width, width, bias=False)"
    )
    edit("key = nn.Linear(width, width, bias=bias)", "key = nn.Linear(width, width, bias=False)")
    edit(
        "value = nn.Linear(width, width, bias=bias)", "value = nn.Linear(width, width, bias=False)"
    )
    edit("out = nn.Linear(width, width, bias=bias)", "out = nn.Linear(width, width, bias=False)")


@caught_by("test_the_parameters_are_four_weights_and_four_biases")
def bias_off_by_default():
    """layers without a bias unless one is asked for: the default is bias=False"""
    edit("bias: bool = True", "bias: bool = False")


@caught_by("test_without_bias_it_is_the_weights_alone")
def last_bias_always():
    """a layer out that has a bias, whatever bias was given"""
    edit("out = nn.Linear(width, width, bias=bias)", "out = nn.Linear(width, width)")


@caught_by("test_the_parameters_are_four_weights_and_four_biases")
def other_names():
    """layers under other names than query, key, value and out"""
    with spelling():
        edit("self.query = nn", "self.q_proj = nn")
        edit("self.key = nn", "self.k_proj = nn")
        edit("self.value = nn", "self.v_proj = nn")
        edit("self.out = nn", "self.o_proj = nn")
        edit("self.query, self.key, self.value", "self.q_proj, self.k_proj, self.v_proj")
        edit("self.out(", "self.o_proj(")
    with spelling():
        edit("self.query = nn", "self.q_proj = nn")
        edit("self.key = nn", "self.k_proj = nn")
        edit("self.value = nn", "self.v_proj = nn")
        edit("self.query, self.key, self.value", "self.q_proj, self.k_proj, self.v_proj")
    with spelling():
        edit("self.out = nn", "self.proj = nn")
        edit("self.out(", "self.proj(")


@caught_by("test_the_parameters_are_four_weights_and_four_biases")
def one_layer_for_queries_keys_and_values():
    """one layer from C to 3 C features instead of the three layers query, key and value"""

    class MultiHeadAttention:
        def __init__(self, width, heads, bias=True):
            nn.Module.__init__(self)
            if width % heads:
                raise ValueError("heads must divide width")
            self.heads = heads
            self.c_attn = nn.Linear(width, 3 * width, bias=bias)
            self.out = nn.Linear(width, width, bias=bias)

        def forward(self, x):
            parts = self.c_attn(x).split(x.shape[2], dim=2)
            q, k, v = (part.unflatten(2, (self.heads, -1)).transpose(1, 2) for part in parts)
            read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))
            return self.out(read.transpose(1, 2).flatten(2))


@caught_by("test_the_parameters_are_four_weights_and_four_biases")
def layers_of_one_head():
    """layers with D outputs, as for a single head, so that all heads are the same"""
    edit("self.query = nn.Linear(width, width", "self.query = nn.Linear(width, width // heads")
    edit("self.key = nn.Linear(width, width", "self.key = nn.Linear(width, width // heads")
    edit("self.value = nn.Linear(width, width", "self.value = nn.Linear(width, width // heads")
    edit(".unflatten(2, (self.heads, -1))", ".unsqueeze(2).expand(-1, -1, self.heads, -1)")


@caught_by("test_heads_that_do_not_divide_the_width_are_refused")
def any_number_of_heads():
    """heads that do not divide the width, instead of a ValueError"""
    edit("if width % heads", "if False")


@caught_by("test_heads_that_do_not_divide_the_width_are_refused")
def asserted():
    """heads refused by assert, which raises AssertionError, not ValueError"""
    edit(
        "if width % heads:\n"
        '            raise ValueError(f"width {width} is not divisible by {heads} heads")',
        "assert width % heads == 0",
    )


@caught_by("test_a_sequence_is_the_same_alone_and_in_company")
def heads_beside_the_wrong_sequence():
    """heads concatenated with those of another sequence: batch and heads exchanged"""
    edit(
        "return self",
        "read = read.reshape(len(x), self.heads, x.shape[1], -1)\n        return self",
    )
    edit("transpose(1, 2) ", "permute(2, 0, 1, 3) ")


@caught_by("test_a_sequence_is_the_same_alone_and_in_company")
def dropout_in_training():
    """dropout, so that training mode is random"""
    with spelling():
        edit("return self", "read = self")
        edit(
            "flatten(2))",
            "flatten(2))\n        return nn.functional.dropout(read, 0.1, self.training)",
        )
    with spelling():
        edit("return self", "read = self")
        edit(
            "flatten(2))",
            "flatten(2))\n        return nn.functional.dropout(read, 0.2, self.training)",
        )
    with spelling():
        edit(
            "read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))",
            "scores = q @ k.mT / q.shape[-1] ** 0.5\n"
            "        scores = scores.masked_fill(~causal_mask(x.shape[1]), -torch.inf)\n"
            "        read = nn.functional.dropout(scores.softmax(dim=-1), 0.1, self.training) @ v",
        )
    with spelling():
        edit(
            "read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))",
            "scores = q @ k.mT / q.shape[-1] ** 0.5\n"
            "        scores = scores.masked_fill(~causal_mask(x.shape[1]), -torch.inf)\n"
            "        read = nn.functional.dropout(scores.softmax(dim=-1), 0.2, self.training) @ v",
        )


@caught_by("test_large_scores_choose_one_token")
def own_softmax_without_shift():
    """a softmax of its own without the shift, which overflows for large scores"""
    edit(
        "read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))",
        "scores = (q @ k.mT / q.shape[-1] ** 0.5).exp() * causal_mask(x.shape[1])\n"
        "        read = scores / scores.sum(dim=-1, keepdim=True) @ v",
    )


@caught_by("test_large_scores_choose_one_token")
def masked_with_a_number():
    """masked scores set to a number such as -1e4, which is not below every score"""
    edit(
        "read = scaled_dot_product(q, k, v, causal_mask(x.shape[1]))",
        "scores = q @ k.mT / q.shape[-1] ** 0.5\n"
        "        scores = scores.masked_fill(~causal_mask(x.shape[1]), -1e4)\n"
        "        read = scores.softmax(dim=-1) @ v",
    )


@caught_by("test_each_call_computes_anew")
def weights_of_the_first_call():
    """the parameters as they were at the first call, whatever training changes later"""
    edit(
        "        q, k, v = (",
        '        if "kept" not in vars(self):\n'
        '            vars(self)["kept"] = copy.deepcopy((self.query, self.key, self.value))\n'
        "        q, k, v = (",
    )
    edit("in (self.query, self.key, self.value)", 'in vars(self)["kept"]')
    edit("import torch", "import copy\nimport torch")


@caught_by("test_the_layout_in_memory_makes_no_difference")
def flattened_with_view():
    """x flattened with view, which fails for a tensor that is not contiguous"""
    edit("layer(x).unflatten", "layer(x.view(-1, x.shape[2])).view(x.shape).unflatten")


@caught_by("test_x_stays_as_it_was")
def input_added_in_place():
    """the output added to the caller's x in place (+= changes the input)"""
    edit("return self", "x += self")
    edit("flatten(2))", "flatten(2))\n        return x")


@caught_by("test_each_head_attends_with_its_own_numbers")
def input_added():
    """the input added to the output, which is the residual connection of a block"""
    edit("return self", "return x + self")


@caught_by("test_the_gradients_are_torchs")
def weights_without_gradient():
    """attention weights that are detached: no gradient reaches queries and keys"""
    edit("(q, k, v", "(q.detach(), k.detach(), v")


@caught_by("test_the_gradients_are_torchs")
def keys_without_gradient():
    """keys that are detached, so that their layer is not trained"""
    edit("(q, k, v", "(q, k.detach(), v")


@caught_by("test_the_gradients_are_torchs")
def keys_and_values_without_gradient():
    """keys and values that are detached, as if they came from a cache"""
    edit("(q, k, v", "(q, k.detach(), v.detach()")


@caught_by("test_the_gradients_are_torchs")
def detached_x():
    """an x that is detached, so that no gradient reaches earlier layers"""
    edit("layer(x)", "layer(x.detach())")


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """multi-head attention that returns float32, whatever the dtype of x"""
    edit("layer(x)", "layer(x).float()")
    edit(
        "return self.out(read.transpose(1, 2).flatten(2))",
        "read = read.transpose(1, 2).flatten(2)\n"
        "        return nn.functional.linear(read, self.out.weight.float(), self.out.bias.float())",
    )


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def mean_of_the_heads():
    """the mean of the heads instead of their concatenation"""
    edit("self.out(read.transpose(1, 2).flatten(2))", "read.mean(dim=1)")
