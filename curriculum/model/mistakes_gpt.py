"""Wrong versions of GPT."""

from grader.checks import caught_by, edit, spelling


@caught_by("test_the_parameters_are_those_of_its_parts")
def output_of_its_own():
    """an output layer with a weight of its own, without weight tying"""
    edit(
        "norm = LayerNorm(width)",
        "norm = LayerNorm(width)\n        self.head = nn.Linear(width, vocabulary, bias=False)",
    )
    edit("norm(x) @ self.tokens.weight.T", "head(self.norm(x))")


@caught_by("test_the_output_layer_uses_the_token_embedding_itself")
def tied_by_a_copy():
    """an output layer that uses a copy of the token embedding, made in __init__"""
    edit(
        "norm = LayerNorm(width)",
        "norm = LayerNorm(width)\n        self.copy = self.tokens.weight.detach().clone()",
    )
    edit("tokens.weight", "copy.to(x.dtype)")


@caught_by("test_every_parameter_gets_the_gradient_of_the_definition")
def output_without_gradient():
    """an output layer that uses the token embedding detached, so that its gradient is missing"""
    edit(".weight.T", ".weight.detach().T")


@caught_by("test_every_block_starts_with_numbers_of_its_own")
def blocks_copied():
    """blocks that are deep copies of one, so that all start with the same numbers"""
    edit("from torch import nn", "import copy\n\nfrom torch import nn")
    edit(
        "self.blocks = nn.ModuleList(TransformerBlock(width, heads) for _ in range(layers))",
        "block = TransformerBlock(width, heads)\n"
        "        self.blocks = nn.ModuleList(copy.deepcopy(block) for _ in range(layers))",
    )


@caught_by("test_every_part_keeps_its_own_random_start")
def drawn_again():
    """weights drawn again in __init__ after the parts have drawn theirs"""
    with spelling():
        edit(
            "self.norm = LayerNorm(width)",
            "self.norm = LayerNorm(width)\n"
            "        for weight in self.parameters():\n"
            "            if weight.dim() > 1:\n"
            "                nn.init.normal_(weight, std=0.02)",
        )
    with spelling():
        edit(
            "self.norm = LayerNorm(width)",
            "self.norm = LayerNorm(width)\n        nn.init.normal_(self.tokens.weight)",
        )


@caught_by("test_the_parameters_are_those_of_its_parts")
def bias_in_the_output():
    """an output layer with a bias of its own"""
    edit(
        "self.norm = LayerNorm(width)",
        "self.norm = LayerNorm(width)\n"
        "        self.output_bias = nn.Parameter(torch.zeros(vocabulary))",
    )
    edit("self.tokens.weight.T", "self.tokens.weight.T + self.output_bias")


@caught_by("test_logits_worked_by_hand")
def no_last_norm():
    """logits directly from the last block, without the last norm"""
    edit("self.norm(x)", "x")


@caught_by("test_logits_follow_the_definition")
def norm_before_the_blocks():
    """the norm applied before the blocks instead of after them"""
    edit("positions(self.tokens(ids))", "norm(self.positions(self.tokens(ids)))")
    edit("self.norm(x)", "x")


@caught_by("test_logits_worked_by_hand")
def no_positions():
    """token embeddings without position embeddings"""
    edit("positions(self.tokens(ids))", "tokens(ids)")


@caught_by("test_logits_follow_the_definition")
def scaled_embeddings():
    """token embeddings multiplied by sqrt(C), as in the original Transformer"""
    edit("positions(self.tokens(ids))", "tokens(ids)")
    edit("for block", "x = self.positions(x * x.shape[-1] ** 0.5)\n        for block")


@caught_by("test_logits_follow_the_definition")
def residual_around_each_block():
    """a residual connection around each block, though the block has added its input already"""
    edit("x = block", "x = x + block")


@caught_by("test_logits_follow_the_definition")
def last_block_first():
    """the blocks applied from the last to the first"""
    edit("self.blocks:", "reversed(self.blocks):")


@caught_by("test_logits_follow_the_definition")
def one_block_short():
    """all blocks applied except the last or the first one"""
    with spelling():
        edit(".blocks:", ".blocks[:-1]:")
    with spelling():
        edit(".blocks:", ".blocks[1:]:")


@caught_by("test_the_parameters_are_those_of_its_parts")
def one_block_many_times():
    """one block repeated ([block] * layers), so that all layers share its parameters"""
    edit("List(TransformerBlock", "List([TransformerBlock")
    edit(" for _ in range(layers))", "] * layers)")


@caught_by("test_the_parameters_are_those_of_its_parts")
def blocks_in_a_plain_list():
    """blocks in a plain Python list, which does not register their parameters"""
    edit("nn.ModuleList(T", "[T")
    edit("(layers))", "(layers)]")


@caught_by("test_the_logits_have_shape_b_t_v_and_the_parameters_dtype")
def last_token_only():
    """logits at the last position only, which is enough for generation but not for training"""
    edit("(x) @ self", "(x[:, -1:]) @ self")


@caught_by("test_the_logits_have_shape_b_t_v_and_the_parameters_dtype")
def vectors_not_logits():
    """the normalised vectors of shape (B, T, C) instead of logits"""
    edit(" @ self.tokens.weight.T", "")


@caught_by("test_logits_worked_by_hand")
def probabilities():
    """probabilities (softmax) instead of logits"""
    edit("return self", "return torch.softmax(self")
    edit(".weight.T", ".weight.T, dim=-1)")


@caught_by("test_training_and_evaluation_mode_compute_the_same")
def dropout_on_the_embeddings():
    """dropout on the embeddings in training mode"""
    edit("for block", "x = nn.functional.dropout(x, 0.1, self.training)\n        for block")


@caught_by("test_logits_follow_the_definition")
def one_head_always():
    """blocks with one head, whatever heads is passed"""
    edit("width, heads) for", "width, 1) for")


@caught_by("test_more_tokens_than_the_context_are_refused")
def beginning_cut_off():
    """a sequence longer than the context cut to its last tokens, without an error"""
    edit("x = self", "ids = ids[:, -len(self.positions.weight) :]\n        x = self")


@caught_by("test_a_later_token_never_changes_an_earlier_logit")
def mean_over_the_sequence():
    """the mean over all positions added before the logits, so that later tokens leak"""
    edit("(x) @ self", "(x + x.mean(dim=1, keepdim=True)) @ self")


@caught_by("test_each_sequence_is_computed_on_its_own")
def scaled_over_the_batch():
    """x normalised over the whole batch before the logits, so that sequences affect each other"""
    edit("(x) @ self", "(x - x.mean()) / x.std() @ self")


@caught_by("test_heads_that_do_not_divide_the_width_are_refused")
def heads_lowered_in_silence():
    """heads that do not divide width reduced until they do, without an error"""
    edit("self.tokens ", "while width % heads:\n            heads -= 1\n        self.tokens ")
