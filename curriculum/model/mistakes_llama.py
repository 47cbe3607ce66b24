"""Wrong versions of Llama."""

from torch import nn

from grader.checks import caught_by, edit, spelling


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_network")
def nothing_added():
    """a block without residual connections"""
    edit("x = x + self", "x = self")
    edit("return x + self", "return self")


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_network")
def norms_after_the_sums():
    """a post-norm block: norms after the sums, as in the original Transformer"""
    edit("x + self.attention(self.norm1(x))", "self.norm1(x + self.attention(x))")
    edit("x + self.feed_forward(self.norm2(x))", "self.norm2(x + self.feed_forward(x))")


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_network")
def parts_side_by_side():
    """a parallel block: the feed-forward network reads norm2(x) instead of norm2(y)"""
    edit("        x = x + self.attention(self.norm1(x))\n", "")
    edit("return x + self", "return x + self.attention(self.norm1(x)) + self")


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_network")
def first_norm_twice():
    """a block that uses norm1 before the feed-forward network as well"""
    edit(".norm2(x)", ".norm1(x)")


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_network")
def adds_to_the_normalised():
    """a block that replaces x by its norm, so that it adds to the normalised form"""
    with spelling():
        edit("x = x + self", "x = self.norm1(x)\n        x = x + self")
        edit("self.norm1(x)", "x")
        edit("return x", "x = self.norm2(x)\n        return x")
        edit("self.norm2(x)", "x")
    with spelling():
        edit("x = x + self", "x = self.norm1(x)\n        x = x + self")
        edit("self.norm1(x)", "x")
    with spelling():
        edit("return x", "x = self.norm2(x)\n        return x")
        edit("self.norm2(x)", "x")


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_network")
def feed_forward_first():
    """a block with the feed-forward network before attention"""
    edit("attention(self.norm1(x))", "feed_forward(self.norm2(x))")
    edit("feed_forward(self.norm2(x))", "attention(self.norm1(x))")


@caught_by("test_a_block_adds_attention_and_then_the_feed_forward_network")
def adds_in_place():
    """a block that adds with +=, which changes its input"""
    edit("x = x + self", "x += self")
    edit("norm2(x))", "norm2(x))\n        return x")
    edit("return x + self", "x += self")


@caught_by("test_the_logits_have_shape_b_t_v_and_the_parameters_dtype")
def last_row_only():
    """logits at the last position only"""
    edit("(x) @ self", "(x[:, -1]) @ self")


@caught_by("test_every_part_keeps_its_own_random_start")
def drawn_again():
    """weights drawn again in __init__ after the parts have drawn theirs"""
    with spelling():
        edit(
            "        self.norm = RMSNorm(width, eps)",
            "        self.norm = RMSNorm(width, eps)\n"
            "        for weight in self.parameters():\n"
            "            if weight.dim() > 1:\n"
            "                nn.init.normal_(weight, std=0.02)",
        )
    with spelling():
        edit(
            "        self.norm = RMSNorm(width, eps)",
            "        self.norm = RMSNorm(width, eps)\n        nn.init.normal_(self.tokens.weight)",
        )


@caught_by("test_the_parameters_are_those_of_the_parts")
def one_norm_for_both():
    """one norm for both parts of a block, without a norm2 of its own"""
    with spelling():
        edit("        self.norm2 = RMSNorm(width, eps)\n", "")
        edit(".norm2(x)", ".norm1(x)")
    with spelling():
        edit("self.norm2 = RMSNorm(width, eps)", "self.norm2 = self.norm1")


@caught_by("test_the_parameters_are_those_of_the_parts")
def blocks_under_another_name():
    """the blocks stored as self.layers instead of self.blocks"""
    edit("self.blocks = nn", "self.layers = nn")
    edit("in self.blocks", "in self.layers")


@caught_by("test_logits_worked_by_hand")
def no_last_norm():
    """logits without the last norm"""
    edit("self.norm(x)", "x")


@caught_by("test_logits_worked_by_hand")
def probabilities():
    """probabilities (softmax) instead of logits"""
    edit("return self", "return torch.softmax(self")
    edit(".weight.T", ".weight.T, dim=-1)")


@caught_by("test_the_logits_follow_the_definition")
def scaled_tokens():
    """token embeddings multiplied by sqrt(C), as in the original Transformer"""
    edit(".tokens(ids)", ".tokens(ids) * self.tokens.weight.shape[1] ** 0.5")


@caught_by("test_the_logits_follow_the_definition")
def positions_added():
    """sinusoidal position embeddings added to the token embeddings, in addition to RoPE"""
    with spelling():
        edit(
            "x = self.tokens(ids)",
            "x = self.tokens(ids)\n"
            "        pairs = torch.arange(0, x.shape[2], 2, dtype=torch.float64)\n"
            "        turns = torch.arange(x.shape[1])[:, None] / 10000 ** (pairs / x.shape[2])\n"
            "        x = x + torch.stack((turns.sin(), turns.cos()), -1).flatten(1).to(x)",
        )
    with spelling():
        edit(
            "x = self.tokens(ids)",
            "x = self.tokens(ids)\n"
            "        pairs = torch.arange(0, x.shape[2], 2, dtype=torch.float64)\n"
            "        turns = torch.arange(x.shape[1])[:, None] / 10000 ** (pairs / x.shape[2])\n"
            "        x = x + torch.cat((turns.sin(), turns.cos()), -1).to(x)",
        )


@caught_by("test_the_logits_follow_the_definition")
def blocks_backwards():
    """the blocks applied from the last to the first"""
    edit("self.blocks:", "reversed(self.blocks):")


@caught_by("test_a_later_token_never_changes_an_earlier_logit")
def reads_what_follows():
    """ids shifted by one inside the model, so that each position reads the token it predicts"""
    edit(".tokens(ids)", ".tokens(ids.roll(-1, dims=1))")


@caught_by("test_each_sequence_is_computed_on_its_own")
def one_long_text():
    """all sequences of a batch concatenated into one"""
    edit("return self", "logits = self")
    edit(".weight.T", ".weight.T\n        return logits.reshape(*ids.shape, -1)")
    edit(".tokens(ids)", ".tokens(ids.reshape(1, -1))")


@caught_by("test_each_sequence_is_computed_on_its_own")
def dropout():
    """dropout on the embeddings in training mode"""
    edit("self.tokens(ids)", "nn.functional.dropout(self.tokens(ids), 0.1, self.training)")


@caught_by("test_a_sequence_may_have_any_length")
def longest_text():
    """a sequence cut to its last 1,024 tokens, as if there were a context length"""
    edit(".tokens(ids)", ".tokens(ids[:, -1024:])")


@caught_by("test_every_parameter_gets_the_gradient_of_the_definition")
def output_without_gradient():
    """an output layer that uses the token embedding detached, so that its gradient is missing"""
    edit(".weight.T", ".weight.detach().T")


@caught_by("test_every_parameter_gets_the_gradient_of_the_definition")
def input_without_gradient():
    """token embeddings detached, so that only the output layer trains them"""
    edit(".tokens(ids)", ".tokens(ids).detach()")


@caught_by("test_the_parameters_are_those_of_the_parts")
def output_of_its_own():
    """an output layer with a weight of its own, without weight tying"""
    edit(
        "norm = RMSNorm(width, eps)",
        "norm = RMSNorm(width, eps)\n"
        "        self.output = nn.Linear(width, vocabulary, bias=False)",
    )
    edit("norm(x) @ self.tokens.weight.T", "output(self.norm(x))")


@caught_by("test_the_parameters_are_those_of_the_parts")
def one_block_many_times():
    """one block repeated ([block] * layers), so that all layers share its parameters"""

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


@caught_by("test_the_parameters_are_those_of_the_parts")
def blocks_in_a_list():
    """blocks in a plain Python list, which does not register their parameters"""
    edit("nn.ModuleList(", "[")
    edit("     )", "     ]")


@caught_by("test_the_parameters_are_those_of_the_parts")
def keys_for_every_head():
    """as many key-value heads as query heads, whatever kv_heads is passed"""
    with spelling():
        edit(
            "= GroupedQueryAttention(width, heads, kv_heads",
            "= GroupedQueryAttention(width, heads, heads",
        )
    with spelling():
        edit(
            "LlamaBlock(width, heads, kv_heads, hidden, base, eps) for",
            "LlamaBlock(width, heads, heads, hidden, base, eps) for",
        )


@caught_by("test_the_parameters_are_those_of_the_parts")
def four_times_the_width():
    """a hidden dimension of 4 * width, whatever hidden is passed"""
    with spelling():
        edit("= SwiGLU(width, hidden)", "= SwiGLU(width, 4 * width)")
    with spelling():
        edit("kv_heads, hidden, base, eps) for", "kv_heads, 4 * width, base, eps) for")


@caught_by("test_the_parameters_are_those_of_the_parts")
def layer_norms():
    """LayerNorm, with a bias, instead of RMSNorm"""
    edit("norm1 = RMSNorm", "norm1 = nn.LayerNorm")
    edit("norm2 = RMSNorm", "norm2 = nn.LayerNorm")


@caught_by("test_base_reaches_every_attention")
def never_turned():
    """attention created without a base, so that there is no RoPE"""
    edit(
        "= GroupedQueryAttention(width, heads, kv_heads, base)",
        "= GroupedQueryAttention(width, heads, kv_heads)",
    )


@caught_by("test_base_reaches_every_attention")
def usual_base_always():
    """RoPE with a base of 10,000, whatever base is passed"""
    edit(
        "= GroupedQueryAttention(width, heads, kv_heads, base)",
        "= GroupedQueryAttention(width, heads, kv_heads, 10000.0)",
    )


@caught_by("test_eps_reaches_every_norm")
def usual_eps_in_the_blocks():
    """eps passed to the last norm, but not to those of the blocks"""
    edit("norm1 = RMSNorm(width, eps)", "norm1 = RMSNorm(width)")
    edit("norm2 = RMSNorm(width, eps)", "norm2 = RMSNorm(width)")


@caught_by("test_eps_reaches_every_norm")
def usual_eps_at_the_end():
    """eps passed to the norms of the blocks, but not to the last norm"""
    edit("norm = RMSNorm(width, eps)", "norm = RMSNorm(width)")


@caught_by("test_eps_reaches_every_norm")
def eps_of_another_size():
    """a default eps of 1e-6 instead of 1e-5"""
    edit("float = 1e-5", "float =1e-6")
