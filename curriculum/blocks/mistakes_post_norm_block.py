"""What goes wrong with the block with norms after the sums."""

from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm
from grader.course import caught_by


@caught_by("test_a_token_worked_by_hand")
def norms_before_the_parts():
    """a block with its norms before the parts (pre-norm), not after the sums"""

    class PostNormBlock:
        def forward(self, x):
            h = x + self.attention(self.norm1(x))
            return h + self.feed_forward(self.norm2(h))


@caught_by("test_a_token_worked_by_hand")
def results_normalised():
    """norms on what the parts give, before it is added to x"""

    class PostNormBlock:
        def forward(self, x):
            h = x + self.norm1(self.attention(x))
            return h + self.norm2(self.feed_forward(h))


@caught_by("test_the_first_norm_takes_the_sum_of_x_and_attention")
def norms_on_both_sides():
    """norms before the parts and after the sums"""

    class PostNormBlock:
        def forward(self, x):
            h = self.norm1(x + self.attention(self.norm1(x)))
            return self.norm2(h + self.feed_forward(self.norm2(h)))


@caught_by("test_the_first_norm_takes_the_sum_of_x_and_attention")
def no_sum_after_attention():
    """a first norm on what attention gives, without x added to it"""

    class PostNormBlock:
        def forward(self, x):
            h = self.norm1(self.attention(x))
            return self.norm2(h + self.feed_forward(h))


@caught_by("test_a_token_worked_by_hand")
def no_sum_after_the_network():
    """a second norm on what the network gives, without the first sum added to it"""

    class PostNormBlock:
        def forward(self, x):
            h = self.norm1(x + self.attention(x))
            return self.norm2(self.feed_forward(h))


@caught_by("test_the_second_norm_takes_the_sum_of_h_and_the_network")
def network_added_to_x():
    """a network whose result is added to x, not to the first normalised sum"""

    class PostNormBlock:
        def forward(self, x):
            h = self.norm1(x + self.attention(x))
            return self.norm2(x + self.feed_forward(h))


@caught_by("test_the_second_norm_takes_the_sum_of_h_and_the_network")
def first_sum_not_normalised():
    """a network that is added to the sum before the first norm"""

    class PostNormBlock:
        def forward(self, x):
            h = x + self.attention(x)
            return self.norm2(h + self.feed_forward(self.norm1(h)))


@caught_by("test_the_second_norm_takes_the_sum_of_h_and_the_network")
def network_reads_x():
    """a network that reads x in place of the first normalised sum"""

    class PostNormBlock:
        def forward(self, x):
            h = self.norm1(x + self.attention(x))
            return self.norm2(h + self.feed_forward(x))


@caught_by("test_the_second_norm_takes_the_sum_of_h_and_the_network")
def parts_side_by_side():
    """both parts added to x at once, and one norm after all"""

    class PostNormBlock:
        def forward(self, x):
            return self.norm2(x + self.attention(x) + self.feed_forward(x))


@caught_by("test_the_first_norm_takes_the_sum_of_x_and_attention")
def network_first():
    """the network before attention"""

    class PostNormBlock:
        def forward(self, x):
            h = self.norm2(x + self.feed_forward(x))
            return self.norm1(h + self.attention(h))


@caught_by("test_the_first_norm_takes_the_sum_of_x_and_attention")
def norms_exchanged():
    """the two norms in each other's place"""

    class PostNormBlock:
        def forward(self, x):
            h = self.norm2(x + self.attention(x))
            return self.norm1(h + self.feed_forward(h))


@caught_by("test_the_first_norm_takes_the_sum_of_x_and_attention")
def one_norm_for_both():
    """the first norm in both places, and the second unused"""

    class PostNormBlock:
        def forward(self, x):
            h = self.norm1(x + self.attention(x))
            return self.norm1(h + self.feed_forward(h))


@caught_by("test_the_second_norm_takes_the_sum_of_h_and_the_network")
def first_norm_left_out():
    """no norm after the first sum"""

    class PostNormBlock:
        def forward(self, x):
            h = x + self.attention(x)
            return self.norm2(h + self.feed_forward(h))


@caught_by("test_each_new_result_has_mean_0_and_variance_1")
def second_norm_left_out():
    """no norm after the second sum"""

    class PostNormBlock:
        def forward(self, x):
            h = self.norm1(x + self.attention(x))
            return h + self.feed_forward(h)


@caught_by("test_later_tokens_never_change_an_earlier_result")
def order_of_tokens_turned():
    """a block that passes the tokens in reverse, so that each reads the later ones"""

    class PostNormBlock:
        def forward(self, x):
            x = x.flip(1)
            h = self.norm1(x + self.attention(x))
            return self.norm2(h + self.feed_forward(h)).flip(1)


@caught_by("test_each_sequence_is_treated_by_itself")
def sequences_for_tokens():
    """batch and tokens exchanged before attention, so that sequences read each other"""

    class PostNormBlock:
        def forward(self, x):
            x = x.transpose(0, 1)
            h = self.norm1(x + self.attention(x))
            return self.norm2(h + self.feed_forward(h)).transpose(0, 1)


@caught_by("test_each_sequence_is_treated_by_itself")
def dropout():
    """dropout on what the parts give, so that training is a matter of chance"""

    class PostNormBlock:
        def forward(self, x):
            drop = nn.Dropout(0.5).train(self.training)
            h = self.norm1(x + drop(self.attention(x)))
            return self.norm2(h + drop(self.feed_forward(h)))


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def first_dimension_lost():
    """a block that squeezes its result, so that a batch of one is lost"""

    class PostNormBlock:
        def forward(self, x):
            h = self.norm1(x + self.attention(x))
            return self.norm2(h + self.feed_forward(h)).squeeze()


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """a result in float32, whatever dtype came in"""

    class PostNormBlock:
        def forward(self, x):
            h = self.norm1(x + self.attention(x))
            return self.norm2(h + self.feed_forward(h)).float()


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
    """a first sum that is detached where the network reads it"""

    class PostNormBlock:
        def forward(self, x):
            h = self.norm1(x + self.attention(x))
            return self.norm2(h + self.feed_forward(h.detach()))


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def hidden_as_wide_as_x():
    """a network with as many hidden numbers as a token has, not four times as many"""

    class PostNormBlock:
        def __init__(self, width, heads):
            super().__init__()
            self.attention = MultiHeadAttention(width, heads)
            self.norm1 = LayerNorm(width)
            self.feed_forward = FeedForward(width, width)
            self.norm2 = LayerNorm(width)


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def attention_without_biases():
    """attention whose layers have no bias"""

    class PostNormBlock:
        def __init__(self, width, heads):
            super().__init__()
            self.attention = MultiHeadAttention(width, heads, bias=False)
            self.norm1 = LayerNorm(width)
            self.feed_forward = FeedForward(width, 4 * width)
            self.norm2 = LayerNorm(width)


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def one_norm_module():
    """one norm under both names, so that the two share their parameters"""

    class PostNormBlock:
        def __init__(self, width, heads):
            super().__init__()
            self.attention = MultiHeadAttention(width, heads)
            self.norm1 = LayerNorm(width)
            self.feed_forward = FeedForward(width, 4 * width)
            self.norm2 = self.norm1


@caught_by("test_the_block_is_pytorchs_with_norms_last")
def one_head_always():
    """attention with one head, whatever heads says"""

    class PostNormBlock:
        def __init__(self, width, heads):
            super().__init__()
            self.attention = MultiHeadAttention(width, 1)
            self.norm1 = LayerNorm(width)
            self.feed_forward = FeedForward(width, 4 * width)
            self.norm2 = LayerNorm(width)


@caught_by("test_the_block_is_pytorchs_with_norms_last")
def heads_as_width_of_a_head():
    """attention with width / heads heads: heads taken for the width of a head"""

    class PostNormBlock:
        def __init__(self, width, heads):
            super().__init__()
            self.attention = MultiHeadAttention(width, width // heads)
            self.norm1 = LayerNorm(width)
            self.feed_forward = FeedForward(width, 4 * width)
            self.norm2 = LayerNorm(width)
