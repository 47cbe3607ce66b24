"""What goes wrong with Llama."""

import torch
from torch import nn

from grader.course import caught_by


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_layer")
def nothing_added():
    """a block that hands on what its parts give, without the sum with what came in"""

    class LlamaBlock:
        def forward(self, x):
            x = self.attention(self.norm1(x))
            return self.feed_forward(self.norm2(x))


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_layer")
def norms_after_the_sums():
    """a block that normalises after each sum, as the first transformer did"""

    class LlamaBlock:
        def forward(self, x):
            x = self.norm1(x + self.attention(x))
            return self.norm2(x + self.feed_forward(x))


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_layer")
def parts_side_by_side():
    """attention and feed-forward layer side by side, both reading what came in"""

    class LlamaBlock:
        def forward(self, x):
            return x + self.attention(self.norm1(x)) + self.feed_forward(self.norm2(x))


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_layer")
def first_norm_twice():
    """a block that uses norm1 before the feed-forward layer as well"""

    class LlamaBlock:
        def forward(self, x):
            x = x + self.attention(self.norm1(x))
            return x + self.feed_forward(self.norm1(x))


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_layer")
def adds_to_the_normalised():
    """a block that adds each part to the normalised tokens, not to the tokens themselves"""

    class LlamaBlock:
        def forward(self, x):
            x = self.norm1(x)
            x = x + self.attention(x)
            x = self.norm2(x)
            return x + self.feed_forward(x)


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_layer")
def feed_forward_first():
    """a block whose feed-forward layer comes before its attention"""

    class LlamaBlock:
        def forward(self, x):
            x = x + self.feed_forward(self.norm2(x))
            return x + self.attention(self.norm1(x))


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_layer")
def adds_in_place():
    """a block that adds with += and so changes the tensor that came in"""

    class LlamaBlock:
        def forward(self, x):
            x += self.attention(self.norm1(x))
            x += self.feed_forward(self.norm2(x))
            return x


@caught_by("test_the_logits_have_a_row_for_each_token")
def last_row_only():
    """logits of the last token alone"""

    class Llama:
        def forward(self, ids):
            x = self.tokens(ids)
            for block in self.blocks:
                x = block(x)
            return self.norm(x[:, -1]) @ self.tokens.weight.T


@caught_by("test_logits_worked_by_hand")
def no_last_norm():
    """logits without the last norm"""

    class Llama:
        def forward(self, ids):
            x = self.tokens(ids)
            for block in self.blocks:
                x = block(x)
            return x @ self.tokens.weight.T


@caught_by("test_logits_worked_by_hand")
def probabilities():
    """probabilities after a softmax in place of logits"""

    class Llama:
        def forward(self, ids):
            x = self.tokens(ids)
            for block in self.blocks:
                x = block(x)
            return torch.softmax(self.norm(x) @ self.tokens.weight.T, dim=-1)


@caught_by("test_the_logits_follow_the_rule")
def scaled_tokens():
    """tokens multiplied by the root of the width on their way in"""

    class Llama:
        def forward(self, ids):
            x = self.tokens(ids) * self.tokens.weight.shape[1] ** 0.5
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_the_logits_follow_the_rule")
def positions_added():
    """waves for positions added to the tokens, beside the rotations"""

    class Llama:
        def forward(self, ids):
            x = self.tokens(ids)
            speed = 10000 ** (-torch.arange(x.shape[2]) / x.shape[2])
            x = x + (torch.arange(ids.shape[1]).unsqueeze(1) * speed).sin().to(x.dtype)
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_the_logits_follow_the_rule")
def blocks_backwards():
    """the blocks run from the last to the first"""

    class Llama:
        def forward(self, ids):
            x = self.tokens(ids)
            for block in reversed(self.blocks):
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_a_later_token_changes_no_earlier_row")
def reads_what_follows():
    """ids shifted by one inside the model, so that each row reads the token that it predicts"""

    class Llama:
        def forward(self, ids):
            x = self.tokens(ids.roll(-1, dims=1))
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_each_sequence_is_read_by_itself")
def one_long_text():
    """all sequences of a batch joined into one long text"""

    class Llama:
        def forward(self, ids):
            x = self.tokens(ids.reshape(1, -1))
            for block in self.blocks:
                x = block(x)
            logits = self.norm(x) @ self.tokens.weight.T
            return logits.reshape(*ids.shape, -1)


@caught_by("test_each_sequence_is_read_by_itself")
def dropout():
    """dropout on the tokens, so that training and evaluation differ"""

    class Llama:
        def forward(self, ids):
            x = nn.functional.dropout(self.tokens(ids), 0.1, self.training)
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_a_text_of_any_length_is_read")
def longest_text():
    """a text cut to its last 1,024 tokens, as if there were a table of positions"""

    class Llama:
        def forward(self, ids):
            x = self.tokens(ids[:, -1024:])
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_the_gradients_are_those_of_the_rule")
def output_without_gradient():
    """the output's copy of the table detached: it learns as input alone"""

    class Llama:
        def forward(self, ids):
            x = self.tokens(ids)
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.detach().T


@caught_by("test_the_gradients_are_those_of_the_rule")
def input_without_gradient():
    """the tokens detached on their way in: the table learns as output alone"""

    class Llama:
        def forward(self, ids):
            x = self.tokens(ids).detach()
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_the_parameters_have_their_names_and_shapes")
def output_of_its_own():
    """an output layer with a table of its own, not tied to the tokens"""

    class Llama:
        def __init__(
            self,
            vocabulary,
            width,
            layers,
            heads,
            kv_heads,
            hidden,
            base=10000.0,
            eps=1e-5,
        ):
            super().__init__()
            self.tokens = TokenEmbedding(vocabulary, width)
            self.blocks = nn.ModuleList(
                LlamaBlock(width, heads, kv_heads, hidden, base, eps) for _ in range(layers)
            )
            self.norm = RMSNorm(width, eps)
            self.output = nn.Linear(width, vocabulary, bias=False)

        def forward(self, ids):
            x = self.tokens(ids)
            for block in self.blocks:
                x = block(x)
            return self.output(self.norm(x))


@caught_by("test_the_parameters_have_their_names_and_shapes")
def one_block_many_times():
    """one block run again and again, so that all layers share their weights"""

    class Llama:
        def __init__(
            self,
            vocabulary,
            width,
            layers,
            heads,
            kv_heads,
            hidden,
            base=10000.0,
            eps=1e-5,
        ):
            super().__init__()
            self.tokens = TokenEmbedding(vocabulary, width)
            block = LlamaBlock(width, heads, kv_heads, hidden, base, eps)
            self.blocks = nn.ModuleList([block] * layers)
            self.norm = RMSNorm(width, eps)


@caught_by("test_the_parameters_have_their_names_and_shapes")
def blocks_in_a_list():
    """the blocks in a plain list, where no optimizer finds their weights"""

    class Llama:
        def __init__(
            self,
            vocabulary,
            width,
            layers,
            heads,
            kv_heads,
            hidden,
            base=10000.0,
            eps=1e-5,
        ):
            super().__init__()
            self.tokens = TokenEmbedding(vocabulary, width)
            self.blocks = [
                LlamaBlock(width, heads, kv_heads, hidden, base, eps) for _ in range(layers)
            ]
            self.norm = RMSNorm(width, eps)


@caught_by("test_the_parameters_have_their_names_and_shapes")
def keys_for_every_head():
    """as many heads of keys and values as of queries, whatever kv_heads says"""

    class LlamaBlock:
        def __init__(self, width, heads, kv_heads, hidden, base, eps):
            super().__init__()
            self.norm1 = RMSNorm(width, eps)
            self.attention = GroupedQueryAttention(width, heads, heads, base)
            self.norm2 = RMSNorm(width, eps)
            self.feed_forward = SwiGLU(width, hidden)


@caught_by("test_the_parameters_have_their_names_and_shapes")
def four_times_the_width():
    """a feed-forward layer of four times the width, whatever hidden says"""

    class LlamaBlock:
        def __init__(self, width, heads, kv_heads, hidden, base, eps):
            super().__init__()
            self.norm1 = RMSNorm(width, eps)
            self.attention = GroupedQueryAttention(width, heads, kv_heads, base)
            self.norm2 = RMSNorm(width, eps)
            self.feed_forward = SwiGLU(width, 4 * width)


@caught_by("test_the_parameters_have_their_names_and_shapes")
def layer_norms():
    """layer norms with a bias in place of RMS norms"""

    class LlamaBlock:
        def __init__(self, width, heads, kv_heads, hidden, base, eps):
            super().__init__()
            self.norm1 = nn.LayerNorm(width, eps)
            self.attention = GroupedQueryAttention(width, heads, kv_heads, base)
            self.norm2 = nn.LayerNorm(width, eps)
            self.feed_forward = SwiGLU(width, hidden)


@caught_by("test_base_is_the_base_of_the_rotations")
def never_turned():
    """attention made without a base, so that nothing says where a token stands"""

    class LlamaBlock:
        def __init__(self, width, heads, kv_heads, hidden, base, eps):
            super().__init__()
            self.norm1 = RMSNorm(width, eps)
            self.attention = GroupedQueryAttention(width, heads, kv_heads)
            self.norm2 = RMSNorm(width, eps)
            self.feed_forward = SwiGLU(width, hidden)


@caught_by("test_base_is_the_base_of_the_rotations")
def usual_base_always():
    """rotations by the base 10,000, whatever base was given"""

    class LlamaBlock:
        def __init__(self, width, heads, kv_heads, hidden, base, eps):
            super().__init__()
            self.norm1 = RMSNorm(width, eps)
            self.attention = GroupedQueryAttention(width, heads, kv_heads, 10000.0)
            self.norm2 = RMSNorm(width, eps)
            self.feed_forward = SwiGLU(width, hidden)


@caught_by("test_eps_reaches_every_norm")
def usual_eps_in_the_blocks():
    """an eps that reaches the last norm and not those in the blocks"""

    class LlamaBlock:
        def __init__(self, width, heads, kv_heads, hidden, base, eps):
            super().__init__()
            self.norm1 = RMSNorm(width)
            self.attention = GroupedQueryAttention(width, heads, kv_heads, base)
            self.norm2 = RMSNorm(width)
            self.feed_forward = SwiGLU(width, hidden)


@caught_by("test_eps_reaches_every_norm")
def usual_eps_at_the_end():
    """an eps that reaches the norms in the blocks and not the last one"""

    class Llama:
        def __init__(
            self,
            vocabulary,
            width,
            layers,
            heads,
            kv_heads,
            hidden,
            base=10000.0,
            eps=1e-5,
        ):
            super().__init__()
            self.tokens = TokenEmbedding(vocabulary, width)
            self.blocks = nn.ModuleList(
                LlamaBlock(width, heads, kv_heads, hidden, base, eps) for _ in range(layers)
            )
            self.norm = RMSNorm(width)


@caught_by("test_eps_reaches_every_norm")
def eps_of_another_size():
    """an eps of 1e-6 unless given, in place of 1e-5"""

    class Llama:
        def __init__(
            self,
            vocabulary,
            width,
            layers,
            heads,
            kv_heads,
            hidden,
            base=10000.0,
            eps=1e-6,
        ):
            super().__init__()
            self.tokens = TokenEmbedding(vocabulary, width)
            self.blocks = nn.ModuleList(
                LlamaBlock(width, heads, kv_heads, hidden, base, eps) for _ in range(layers)
            )
            self.norm = RMSNorm(width, eps)
