"""Wrong versions of the Transformer block."""

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm
from grader.checks import caught_by, edit, spelling


@caught_by("test_numbers_worked_by_hand")
def norms_after_the_sums():
    """a post-norm block: norms after the sums, not before the parts"""
    edit("x + self.attention(self.norm1(x))", "self.norm1(x + self.attention(x))")
    edit("h + self.feed_forward(self.norm2(h))", "self.norm2(h + self.feed_forward(h))")


@caught_by("test_numbers_worked_by_hand")
def normalised_x_added_to():
    """an output added to the normalised form of the stream, not to the stream itself"""
    with spelling():
        edit("h = x + self", "x = self.norm1(x)\n        x = x + self")
        edit("(self.norm1(x))", "(x)")
        edit("return h", "x = self.norm2(x)\n        return x")
        edit("(self.norm2(h))", "(x)")
    with spelling():
        edit(
            "h = x + self.attention(self.norm1(x))",
            "x = self.norm1(x)\n        h = x + self.attention(x)",
        )
    with spelling():
        edit(
            "return h + self.feed_forward(self.norm2(h))",
            "h = self.norm2(h)\n        return h + self.feed_forward(h)",
        )


@caught_by("test_numbers_worked_by_hand")
def no_sum_after_attention():
    """no residual connection around attention: x is not added"""
    edit("x + self", "self")


@caught_by("test_numbers_worked_by_hand")
def no_sum_after_the_network():
    """no residual connection around the feed-forward network: h is not added"""
    edit("h + self", "self")


@caught_by("test_numbers_worked_by_hand")
def no_sums():
    """attention and the feed-forward network one after the other, without residual connections"""

    class TransformerBlock:
        def forward(self, x):
            return self.feed_forward(self.norm2(self.attention(self.norm1(x))))


@caught_by("test_numbers_worked_by_hand")
def network_added_to_x():
    """the feed-forward network's output added to x instead of h, so that attention's is lost"""
    edit("h + self", "x + self")


@caught_by("test_numbers_worked_by_hand")
def x_added_twice():
    """a block that adds x a second time at the end"""
    edit("h + self", "x + h + self")


@caught_by("test_the_block_is_pytorchs_with_norms_first")
def parts_side_by_side():
    """a feed-forward network that reads norm2(x) instead of norm2(h) (a parallel block)"""

    class TransformerBlock:
        def forward(self, x):
            return x + self.attention(self.norm1(x)) + self.feed_forward(self.norm2(x))


@caught_by("test_the_block_is_pytorchs_with_norms_first")
def network_first():
    """the feed-forward network before attention"""
    edit("attention(self.norm1(x))", "feed_forward(self.norm2(x))")
    edit("feed_forward(self.norm2(h))", "attention(self.norm1(h))")


@caught_by("test_the_feed_forward_network_reads_the_second_norm")
def one_norm_for_both():
    """norm1 in both places, and norm2 not used"""
    edit(".norm2(h)", ".norm1(h)")


@caught_by("test_attention_reads_the_norm_of_x")
def norms_exchanged():
    """norm1 and norm2 exchanged"""
    edit(".norm1(x)", ".norm2(x)")
    edit(".norm2(h)", ".norm1(h)")


@caught_by("test_attention_reads_the_norm_of_x")
def attention_without_norm():
    """attention that reads x without a norm"""
    edit("self.norm1(x)", "x")


@caught_by("test_the_feed_forward_network_reads_the_second_norm")
def network_without_norm():
    """a feed-forward network that reads h without a norm"""
    edit("self.norm2(h)", "h")


@caught_by("test_attention_reads_the_norm_of_x")
def results_normalised():
    """norms on the parts' outputs, before they are added, instead of on their inputs"""
    edit("attention(self.norm1(x))", "norm1(self.attention(x))")
    edit("feed_forward(self.norm2(h))", "norm2(self.feed_forward(h))")


@caught_by("test_numbers_worked_by_hand")
def norm_at_the_end():
    """an additional norm after the last sum"""
    edit("h + self.feed_forward(self.norm2(h))", "self.norm2(h + self.feed_forward(self.norm2(h)))")


@caught_by("test_numbers_worked_by_hand")
def halved_sums():
    """sums that are scaled, such as halved or multiplied by sqrt(1/2), so that x does not grow"""
    with spelling():
        edit("x + self.attention(self.norm1(x))", "(x + self.attention(self.norm1(x))) * 0.5**0.5")
        edit(
            "h + self.feed_forward(self.norm2(h))",
            "(h + self.feed_forward(self.norm2(h))) * 0.5**0.5",
        )
    with spelling():
        edit("x + self.attention(self.norm1(x))", "(x + self.attention(self.norm1(x))) * 0.5")
        edit("h + self.feed_forward(self.norm2(h))", "(h + self.feed_forward(self.norm2(h))) * 0.5")


@caught_by("test_attention_reads_the_norm_of_x")
def bent_result():
    """a ReLU after the last sum, as in ResNet"""
    edit("h + self.feed_forward(self.norm2(h))", "torch.relu(h + self.feed_forward(self.norm2(h)))")


@caught_by("test_later_tokens_never_change_an_earlier_result")
def order_of_tokens_turned():
    """tokens in reverse order, so that each attends to the later ones"""
    edit("h = x + self", "x = x.flip(1)\n        h = x + self")
    edit("h + self.feed_forward(self.norm2(h))", "(h + self.feed_forward(self.norm2(h))).flip(1)")


@caught_by("test_each_sequence_is_treated_by_itself")
def sequences_for_tokens():
    """batch and sequence dimensions transposed before attention, so that sequences mix"""
    edit("h = x + self", "x = x.transpose(0, 1)\n        h = x + self")
    edit("h + self", "(h + self")
    edit(".norm2(h))", ".norm2(h))).transpose(0, 1)")


@caught_by("test_training_and_evaluation_mode_compute_the_same")
def dropout():
    """dropout on the parts' outputs, so that training mode is random"""
    with spelling():
        edit(
            "h = x + self", "drop = nn.Dropout(0.1).train(self.training)\n        h = x + drop(self"
        )
        edit(".norm1(x))", ".norm1(x)))")
        edit("h + self", "h + drop(self")
        edit(".norm2(h))", ".norm2(h)))")
    with spelling():
        edit(
            "h = x + self", "drop = nn.Dropout(0.5).train(self.training)\n        h = x + drop(self"
        )
        edit(".norm1(x))", ".norm1(x)))")
        edit("h + self", "h + drop(self")
        edit(".norm2(h))", ".norm2(h)))")


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def first_dimension_lost():
    """a result that is squeezed, so that the dimension of a batch of one is lost"""
    edit("h + self.feed_forward(self.norm2(h))", "(h + self.feed_forward(self.norm2(h))).squeeze()")


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """a result in float32, whatever the dtype of x"""
    edit("h + self.feed_forward(self.norm2(h))", "(h + self.feed_forward(self.norm2(h))).float()")


@caught_by("test_x_stays_as_it_was")
def adds_into_x():
    """sums written into the caller's tensor (+= changes the input)"""
    edit("h = x + self", "x = x if not x.requires_grad else x.clone()\n        x += self")
    edit("h + self.feed_forward(self.norm2(h))", "x + self.feed_forward(self.norm2(x))")


@caught_by("test_the_gradients_are_pytorchs")
def second_sum_cut_off():
    """a first sum that is detached where the feed-forward network reads it"""
    edit(".norm2(h)", ".norm2(h.detach())")


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def hidden_not_four_times_as_wide():
    """a hidden dimension that is not 4 * width, such as width or 2 * width"""
    with spelling():
        edit("= FeedForward(width, 4 * width)", "= FeedForward(width, width)")
    with spelling():
        edit("= FeedForward(width, 4 * width)", "= FeedForward(width, 2 * width)")


@caught_by("test_eps_counts_for_small_numbers")
def another_eps():
    """norms with another eps than their default of 1e-5, such as 1e-6 or 1e-12"""
    with spelling():
        edit("norm1 = LayerNorm(width)", "norm1 = LayerNorm(width, 1e-12)")
        edit("norm2 = LayerNorm(width)", "norm2 = LayerNorm(width, 1e-12)")
    with spelling():
        edit("norm1 = LayerNorm(width)", "norm1 = LayerNorm(width, 1e-6)")
        edit("norm2 = LayerNorm(width)", "norm2 = LayerNorm(width, 1e-6)")


@caught_by("test_the_parts_begin_as_the_earlier_exercises_make_them")
def other_start():
    """weights that start from another distribution than those of the parts, such as a normal one"""
    with spelling():
        edit(
            "        self.feed_forward = FeedForward(width, 4 * width)\n",
            "        self.feed_forward = FeedForward(width, 4 * width)\n"
            "        for part in (self.attention, self.feed_forward):\n"
            "            for layer in part.children():\n"
            "                nn.init.normal_(layer.weight, std=0.02)\n",
        )
    with spelling():
        edit(
            "        self.feed_forward = FeedForward(width, 4 * width)\n",
            "        self.feed_forward = FeedForward(width, 4 * width)\n"
            "        nn.init.zeros_(self.feed_forward.down.weight)\n",
        )


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def attention_without_biases():
    """attention without biases"""
    edit("= MultiHeadAttention(width, heads)", "= MultiHeadAttention(width, heads, bias=False)")


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def other_names():
    """parts under other names, such as ln_1, attn, ln_2 and mlp"""
    with spelling():
        edit("self.norm1 = ", "self.ln_1 = ")
        edit("self.attention = ", "self.attn = ")
        edit("self.norm2 = ", "self.ln_2 = ")
        edit("self.feed_forward = ", "self.mlp = ")
        edit("self.attention(self.norm1(x))", "self.attn(self.ln_1(x))")
        edit("self.feed_forward(self.norm2(h))", "self.mlp(self.ln_2(h))")
    with spelling():
        edit("self.norm1 = ", "self.ln1 = ")
        edit("self.attention = ", "self.self_attn = ")
        edit("self.norm2 = ", "self.ln2 = ")
        edit("self.feed_forward = ", "self.ffn = ")
        edit("self.attention(self.norm1(x))", "self.self_attn(self.ln1(x))")
        edit("self.feed_forward(self.norm2(h))", "self.ffn(self.ln2(h))")
    with spelling():
        edit("self.norm1 = ", "self.ln1 = ")
        edit("self.attention = ", "self.attn = ")
        edit("self.norm2 = ", "self.ln2 = ")
        edit("self.feed_forward = ", "self.mlp = ")
        edit("self.attention(self.norm1(x))", "self.attn(self.ln1(x))")
        edit("self.feed_forward(self.norm2(h))", "self.mlp(self.ln2(h))")


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def one_norm_module():
    """one norm under both names, so that norm1 and norm2 share parameters"""
    edit("norm2 = LayerNorm(width)", "norm2 = self.norm1")


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def parts_in_a_list():
    """parts in a plain list, where the module does not find their parameters"""

    class TransformerBlock:
        def __init__(self, width, heads):
            super().__init__()
            self.parts = [LayerNorm(width), MultiHeadAttention(width, heads)]
            self.parts += [LayerNorm(width), FeedForward(width, 4 * width)]

        def forward(self, x):
            norm1, attention, norm2, feed_forward = self.parts
            h = x + attention(norm1(x))
            return h + feed_forward(norm2(h))


@caught_by("test_the_block_is_pytorchs_with_norms_first")
def one_head_always():
    """attention with a fixed number of heads, such as 1 or width, whatever heads was given"""
    with spelling():
        edit("= MultiHeadAttention(width, heads)", "= MultiHeadAttention(width, 1)")
    with spelling():
        edit("= MultiHeadAttention(width, heads)", "= MultiHeadAttention(width, width)")


@caught_by("test_the_block_is_pytorchs_with_norms_first")
def heads_as_width_of_a_head():
    """attention with width / heads heads: heads taken for the head dimension"""
    edit("= MultiHeadAttention(width, heads)", "= MultiHeadAttention(width, width // heads)")


@caught_by("test_the_gradients_are_pytorchs")
def stream_cut_off():
    """a stream that is detached in a sum, so that the direct path has no gradient"""
    with spelling():
        edit("h = x + self", "h = x.detach() + self")
    with spelling():
        edit("return h + self", "return h.detach() + self")
