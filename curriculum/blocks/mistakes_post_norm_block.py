"""Wrong versions of the post-norm block."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_token_worked_by_hand")
def norms_before_the_parts():
    """a pre-norm block: norms before the parts, not after the sums"""
    edit("self.norm1(x + self.attention(x))", "x + self.attention(self.norm1(x))")
    edit("self.norm2(h + self.feed_forward(h))", "h + self.feed_forward(self.norm2(h))")


@caught_by("test_a_token_worked_by_hand")
def results_normalised():
    """norms on the parts' outputs, before they are added"""
    edit("self.norm1(x + self", "x + self.norm1(self")
    edit("self.norm2(h + self", "h + self.norm2(self")


@caught_by("test_the_first_norm_takes_the_sum_of_x_and_attention")
def norms_on_both_sides():
    """norms before the parts and after the sums"""
    edit(".attention(x)", ".attention(self.norm1(x))")
    edit(".feed_forward(h)", ".feed_forward(self.norm2(h))")


@caught_by("test_the_first_norm_takes_the_sum_of_x_and_attention")
def no_sum_after_attention():
    """no residual connection around attention: norm1 reads attention's output alone"""
    edit("x + self", "self")


@caught_by("test_a_token_worked_by_hand")
def no_sum_after_the_network():
    """no residual connection around the feed-forward network: norm2 reads its output alone"""
    edit("h + self", "self")


@caught_by("test_the_second_norm_takes_the_sum_of_h_and_the_network")
def network_added_to_x():
    """the feed-forward network's output added to x instead of h"""
    edit("h + self", "x + self")


@caught_by("test_the_second_norm_takes_the_sum_of_h_and_the_network")
def first_sum_not_normalised():
    """the feed-forward network's output added to the first sum before norm1 instead of h"""
    edit("self.norm1(x + self.attention(x))", "x + self.attention(x)")
    edit(".feed_forward(h)", ".feed_forward(self.norm1(h))")


@caught_by("test_the_second_norm_takes_the_sum_of_h_and_the_network")
def network_reads_x():
    """a feed-forward network that reads x instead of h"""
    edit(".feed_forward(h)", ".feed_forward(x)")


@caught_by("test_the_second_norm_takes_the_sum_of_h_and_the_network")
def parts_side_by_side():
    """both parts added to x at once, with one norm after them"""
    edit("        h = self.norm1(x + self.attention(x))\n", "")
    edit("h + self.feed_forward(h)", "x + self.attention(x) + self.feed_forward(x)")


@caught_by("test_the_first_norm_takes_the_sum_of_x_and_attention")
def network_first():
    """the feed-forward network before attention"""
    edit("norm1(x + self.attention(x))", "norm2(x + self.feed_forward(x))")
    edit("norm2(h + self.feed_forward(h))", "norm1(h + self.attention(h))")


@caught_by("test_the_first_norm_takes_the_sum_of_x_and_attention")
def norms_exchanged():
    """norm1 and norm2 exchanged"""
    edit("h = self.norm1", "h = self.norm2")
    edit(".norm2(h", ".norm1(h")


@caught_by("test_the_first_norm_takes_the_sum_of_x_and_attention")
def one_norm_for_both():
    """norm1 in both places, and norm2 not used"""
    edit(".norm2(h", ".norm1(h")


@caught_by("test_the_second_norm_takes_the_sum_of_h_and_the_network")
def first_norm_left_out():
    """no norm after the first sum"""
    edit("self.norm1(x + self.attention(x))", "x + self.attention(x)")


@caught_by("test_each_new_result_has_mean_0_and_variance_1")
def second_norm_left_out():
    """no norm after the second sum"""
    edit("self.norm2(h + self.feed_forward(h))", "h + self.feed_forward(h)")


@caught_by("test_later_tokens_never_change_an_earlier_result")
def order_of_tokens_turned():
    """tokens in reverse order, so that each attends to the later ones"""
    edit("h = self", "x = x.flip(1)\n        h = self")
    edit(".feed_forward(h))", ".feed_forward(h)).flip(1)")


@caught_by("test_each_sequence_is_treated_by_itself")
def sequences_for_tokens():
    """batch and sequence dimensions transposed before attention, so that sequences mix"""
    edit("h = self", "x = x.transpose(0, 1)\n        h = self")
    edit(".feed_forward(h))", ".feed_forward(h)).transpose(0, 1)")


@caught_by("test_training_and_evaluation_mode_compute_the_same")
def dropout():
    """dropout on the parts' outputs, so that training mode is random"""
    with spelling():
        edit("h = self", "drop = nn.Dropout(0.1).train(self.training)\n        h = self")
        edit("self.attention(x)", "drop(self.attention(x))")
        edit("self.feed_forward(h)", "drop(self.feed_forward(h))")
    with spelling():
        edit("h = self", "drop = nn.Dropout(0.5).train(self.training)\n        h = self")
        edit("self.attention(x)", "drop(self.attention(x))")
        edit("self.feed_forward(h)", "drop(self.feed_forward(h))")


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def first_dimension_lost():
    """a result that is squeezed, so that the dimension of a batch of one is lost"""
    edit(".feed_forward(h))", ".feed_forward(h)).squeeze()")


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """a result in float32, whatever the dtype of x"""
    edit(".feed_forward(h))", ".feed_forward(h)).float()")


@caught_by("test_x_stays_as_it_was")
def adds_into_x():
    """sums written into the caller's tensor (+= changes the input)"""

    class PostNormBlock:
        def forward(self, x):
            x = x if not x.requires_grad else x.clone()
            x += self.attention(x)
            h = self.norm1(x)
            return self.norm2(h + self.feed_forward(h))


@caught_by("test_the_gradients_are_pytorchs")
def network_cut_off():
    """an h that is detached where the feed-forward network reads it"""
    edit(".feed_forward(h)", ".feed_forward(h.detach())")


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
        edit("self.norm1 = ", "self.ln1 = ")
        edit("self.attention = ", "self.self_attn = ")
        edit("self.norm2 = ", "self.ln2 = ")
        edit("self.feed_forward = ", "self.ffn = ")
        edit("self.norm1(x + self.attention(x))", "self.ln1(x + self.self_attn(x))")
        edit("self.norm2(h + self.feed_forward(h))", "self.ln2(h + self.ffn(h))")
    with spelling():
        edit("self.norm1 = ", "self.ln_1 = ")
        edit("self.attention = ", "self.attn = ")
        edit("self.norm2 = ", "self.ln_2 = ")
        edit("self.feed_forward = ", "self.mlp = ")
        edit("self.norm1(x + self.attention(x))", "self.ln_1(x + self.attn(x))")
        edit("self.norm2(h + self.feed_forward(h))", "self.ln_2(h + self.mlp(h))")
    with spelling():
        edit("self.norm1 = ", "self.ln1 = ")
        edit("self.attention = ", "self.attn = ")
        edit("self.norm2 = ", "self.ln2 = ")
        edit("self.feed_forward = ", "self.mlp = ")
        edit("self.norm1(x + self.attention(x))", "self.ln1(x + self.attn(x))")
        edit("self.norm2(h + self.feed_forward(h))", "self.ln2(h + self.mlp(h))")


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def one_norm_module():
    """one norm under both names, so that norm1 and norm2 share parameters"""
    edit("norm2 = LayerNorm(width)", "norm2 = self.norm1")


@caught_by("test_the_block_is_pytorchs_with_norms_last")
def one_head_always():
    """attention with a fixed number of heads, such as 1 or width, whatever heads was given"""
    with spelling():
        edit("= MultiHeadAttention(width, heads)", "= MultiHeadAttention(width, 1)")
    with spelling():
        edit("= MultiHeadAttention(width, heads)", "= MultiHeadAttention(width, width)")


@caught_by("test_the_block_is_pytorchs_with_norms_last")
def heads_as_width_of_a_head():
    """attention with width / heads heads: heads taken for the head dimension"""
    edit("= MultiHeadAttention(width, heads)", "= MultiHeadAttention(width, width // heads)")


@caught_by("test_the_first_norm_takes_the_sum_of_x_and_attention")
def attention_reads_a_norm():
    """attention that reads norm1(x) instead of x, with all norms after the sums"""
    edit(".attention(x)", ".attention(self.norm1(x))")


@caught_by("test_the_second_norm_takes_the_sum_of_h_and_the_network")
def network_reads_a_norm():
    """a feed-forward network that reads norm2(h) instead of h, with all norms after the sums"""
    edit(".feed_forward(h)", ".feed_forward(self.norm2(h))")


@caught_by("test_a_token_worked_by_hand")
def no_sums():
    """no residual connections: each norm reads its part's output alone"""
    edit("x + self", "self")
    edit("h + self", "self")


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def third_norm():
    """a third norm, with parameters of its own"""
    edit(
        "        self.norm2 = LayerNorm(width)\n",
        "        self.norm2 = LayerNorm(width)\n        self.norm3 = LayerNorm(width)\n",
    )
    edit("self.norm2(h + self.feed_forward(h))", "self.norm3(self.norm2(h + self.feed_forward(h)))")


@caught_by("test_the_gradients_are_pytorchs")
def stream_cut_off():
    """a stream that is detached in a sum, so that the direct path has no gradient"""
    with spelling():
        edit("x + self", "x.detach() + self")
    with spelling():
        edit("h + self", "h.detach() + self")
