"""What goes wrong with the transformer block."""

import torch
from torch import nn

from exercises.attention.multi_head import MultiHeadAttention
from exercises.blocks.feed_forward import FeedForward
from exercises.blocks.layer_norm import LayerNorm
from grader.course import caught_by


@caught_by("test_numbers_worked_by_hand")
def norms_after_the_sums():
    """a block with its norms after the sums (post-norm), not before the parts"""

    class TransformerBlock:
        def forward(self, x):
            h = self.norm1(x + self.attention(x))
            return self.norm2(h + self.feed_forward(h))


@caught_by("test_numbers_worked_by_hand")
def normalised_x_added_to():
    """a block that overwrites x with its norm, and adds to that"""

    class TransformerBlock:
        def forward(self, x):
            x = self.norm1(x)
            x = x + self.attention(x)
            x = self.norm2(x)
            return x + self.feed_forward(x)


@caught_by("test_numbers_worked_by_hand")
def no_sum_after_attention():
    """a block that passes on what attention gives, without adding it to x"""

    class TransformerBlock:
        def forward(self, x):
            h = self.attention(self.norm1(x))
            return h + self.feed_forward(self.norm2(h))


@caught_by("test_numbers_worked_by_hand")
def no_sum_after_the_network():
    """a block that passes on what the network gives, without adding it to the first sum"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.attention(self.norm1(x))
            return self.feed_forward(self.norm2(h))


@caught_by("test_numbers_worked_by_hand")
def no_sums():
    """attention and network one after the other, with no sum at all"""

    class TransformerBlock:
        def forward(self, x):
            return self.feed_forward(self.norm2(self.attention(self.norm1(x))))


@caught_by("test_numbers_worked_by_hand")
def network_added_to_x():
    """a network whose result is added to x, so that what attention gave is lost"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.attention(self.norm1(x))
            return x + self.feed_forward(self.norm2(h))


@caught_by("test_numbers_worked_by_hand")
def x_added_twice():
    """a block that adds x once more at the end"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.attention(self.norm1(x))
            return x + h + self.feed_forward(self.norm2(h))


@caught_by("test_the_block_is_pytorchs_with_norms_first")
def parts_side_by_side():
    """a network that reads x in place of the first sum (parallel parts)"""

    class TransformerBlock:
        def forward(self, x):
            return x + self.attention(self.norm1(x)) + self.feed_forward(self.norm2(x))


@caught_by("test_the_block_is_pytorchs_with_norms_first")
def network_first():
    """the network before attention"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.feed_forward(self.norm2(x))
            return h + self.attention(self.norm1(h))


@caught_by("test_the_feed_forward_network_reads_the_second_norm")
def one_norm_for_both():
    """the first norm in both places, and the second unused"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.attention(self.norm1(x))
            return h + self.feed_forward(self.norm1(h))


@caught_by("test_attention_reads_the_norm_of_x")
def norms_exchanged():
    """the two norms in each other's place"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.attention(self.norm2(x))
            return h + self.feed_forward(self.norm1(h))


@caught_by("test_attention_reads_the_norm_of_x")
def attention_without_norm():
    """attention on x as it is, without a norm"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.attention(x)
            return h + self.feed_forward(self.norm2(h))


@caught_by("test_the_feed_forward_network_reads_the_second_norm")
def network_without_norm():
    """a network on the first sum as it is, without a norm"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.attention(self.norm1(x))
            return h + self.feed_forward(h)


@caught_by("test_attention_reads_the_norm_of_x")
def results_normalised():
    """norms on what the parts give, before it is added, and not on what they read"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.norm1(self.attention(x))
            return h + self.norm2(self.feed_forward(h))


@caught_by("test_numbers_worked_by_hand")
def norm_at_the_end():
    """a norm after the last sum as well"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.attention(self.norm1(x))
            return self.norm2(h + self.feed_forward(self.norm2(h)))


@caught_by("test_numbers_worked_by_hand")
def halved_sums():
    """sums scaled by the root of 1/2 to keep their variance"""

    class TransformerBlock:
        def forward(self, x):
            h = (x + self.attention(self.norm1(x))) * 0.5**0.5
            return (h + self.feed_forward(self.norm2(h))) * 0.5**0.5


@caught_by("test_attention_reads_the_norm_of_x")
def bent_result():
    """a ReLU after the last sum, as in a residual network for images"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.attention(self.norm1(x))
            return torch.relu(h + self.feed_forward(self.norm2(h)))


@caught_by("test_later_tokens_never_change_an_earlier_result")
def order_of_tokens_turned():
    """a block that passes the tokens in reverse, so that each reads the later ones"""

    class TransformerBlock:
        def forward(self, x):
            x = x.flip(1)
            h = x + self.attention(self.norm1(x))
            return (h + self.feed_forward(self.norm2(h))).flip(1)


@caught_by("test_each_sequence_is_treated_by_itself")
def sequences_for_tokens():
    """batch and tokens exchanged before attention, so that sequences read each other"""

    class TransformerBlock:
        def forward(self, x):
            x = x.transpose(0, 1)
            h = x + self.attention(self.norm1(x))
            return (h + self.feed_forward(self.norm2(h))).transpose(0, 1)


@caught_by("test_each_sequence_is_treated_by_itself")
def dropout():
    """dropout on what the parts give, so that training is a matter of chance"""

    class TransformerBlock:
        def forward(self, x):
            drop = nn.Dropout(0.5).train(self.training)
            h = x + drop(self.attention(self.norm1(x)))
            return h + drop(self.feed_forward(self.norm2(h)))


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def first_dimension_lost():
    """a block that squeezes its result, so that a batch of one is lost"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.attention(self.norm1(x))
            return (h + self.feed_forward(self.norm2(h))).squeeze()


@caught_by("test_the_result_has_the_shape_and_dtype_of_x")
def float32_always():
    """a result in float32, whatever dtype came in"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.attention(self.norm1(x))
            return (h + self.feed_forward(self.norm2(h))).float()


@caught_by("test_x_stays_as_it_was")
def adds_into_x():
    """sums written into the caller's tensor (+= changes the input)"""

    class TransformerBlock:
        def forward(self, x):
            x = x if not x.requires_grad else x.clone()
            x += self.attention(self.norm1(x))
            return x + self.feed_forward(self.norm2(x))


@caught_by("test_the_gradients_are_pytorchs")
def second_sum_cut_off():
    """a first sum that is detached where the network reads it"""

    class TransformerBlock:
        def forward(self, x):
            h = x + self.attention(self.norm1(x))
            return h + self.feed_forward(self.norm2(h.detach()))


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def hidden_as_wide_as_x():
    """a network with as many hidden numbers as a token has, not four times as many"""

    class TransformerBlock:
        def __init__(self, width, heads):
            super().__init__()
            self.norm1 = LayerNorm(width)
            self.attention = MultiHeadAttention(width, heads)
            self.norm2 = LayerNorm(width)
            self.feed_forward = FeedForward(width, width)


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def attention_without_biases():
    """attention whose layers have no bias"""

    class TransformerBlock:
        def __init__(self, width, heads):
            super().__init__()
            self.norm1 = LayerNorm(width)
            self.attention = MultiHeadAttention(width, heads, bias=False)
            self.norm2 = LayerNorm(width)
            self.feed_forward = FeedForward(width, 4 * width)


@caught_by("test_the_parameters_are_those_of_the_four_parts")
def one_norm_module():
    """one norm under both names, so that the two share their parameters"""

    class TransformerBlock:
        def __init__(self, width, heads):
            super().__init__()
            self.norm1 = LayerNorm(width)
            self.attention = MultiHeadAttention(width, heads)
            self.norm2 = self.norm1
            self.feed_forward = FeedForward(width, 4 * width)


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
    """attention with one head, whatever heads says"""

    class TransformerBlock:
        def __init__(self, width, heads):
            super().__init__()
            self.norm1 = LayerNorm(width)
            self.attention = MultiHeadAttention(width, 1)
            self.norm2 = LayerNorm(width)
            self.feed_forward = FeedForward(width, 4 * width)


@caught_by("test_the_block_is_pytorchs_with_norms_first")
def heads_as_width_of_a_head():
    """attention with width / heads heads: heads taken for the width of a head"""

    class TransformerBlock:
        def __init__(self, width, heads):
            super().__init__()
            self.norm1 = LayerNorm(width)
            self.attention = MultiHeadAttention(width, width // heads)
            self.norm2 = LayerNorm(width)
            self.feed_forward = FeedForward(width, 4 * width)
