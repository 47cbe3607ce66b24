"""What goes wrong with GPT."""

import torch
from torch import nn

from grader.course import caught_by


@caught_by("test_the_parameters_are_those_of_its_parts")
def output_of_its_own():
    """an output layer with weights of its own, not tied to the token embedding"""

    class GPT:
        def __init__(self, vocabulary, context, width, layers, heads):
            super().__init__()
            self.tokens = TokenEmbedding(vocabulary, width)
            self.positions = LearnedPositions(context, width)
            self.blocks = nn.ModuleList(TransformerBlock(width, heads) for _ in range(layers))
            self.norm = LayerNorm(width)
            self.head = nn.Linear(width, vocabulary, bias=False)

        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            for block in self.blocks:
                x = block(x)
            return self.head(self.norm(x))


@caught_by("test_the_output_reads_the_token_embedding_as_it_is")
def tied_by_a_copy():
    """an output that reads a copy of the token embedding, made at the start"""

    class GPT:
        def __init__(self, vocabulary, context, width, layers, heads):
            super().__init__()
            self.tokens = TokenEmbedding(vocabulary, width)
            self.positions = LearnedPositions(context, width)
            self.blocks = nn.ModuleList(TransformerBlock(width, heads) for _ in range(layers))
            self.norm = LayerNorm(width)
            self.copy = self.tokens.weight.detach().clone()

        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.copy.to(x.dtype).T


@caught_by("test_every_parameter_gets_the_gradient_of_the_rule")
def output_without_gradient():
    """an output that reads the token embedding detached, so that only the look-up trains it"""

    class GPT:
        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.detach().T


@caught_by("test_logits_worked_by_hand")
def no_last_norm():
    """logits straight from the last block, without the norm"""

    class GPT:
        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            for block in self.blocks:
                x = block(x)
            return x @ self.tokens.weight.T


@caught_by("test_logits_follow_the_rule")
def norm_before_the_blocks():
    """the norm on the embeddings, before the blocks in place of after them"""

    class GPT:
        def forward(self, ids):
            x = self.norm(self.positions(self.tokens(ids)))
            for block in self.blocks:
                x = block(x)
            return x @ self.tokens.weight.T


@caught_by("test_logits_worked_by_hand")
def no_positions():
    """token embeddings alone, without positions"""

    class GPT:
        def forward(self, ids):
            x = self.tokens(ids)
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_logits_follow_the_rule")
def scaled_embeddings():
    """token embeddings times sqrt(C), as the first transformer had them"""

    class GPT:
        def forward(self, ids):
            x = self.tokens(ids)
            x = self.positions(x * x.shape[-1] ** 0.5)
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_logits_follow_the_rule")
def residual_around_each_block():
    """each block's result added to its input once more, though the block has added it already"""

    class GPT:
        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            for block in self.blocks:
                x = x + block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_logits_follow_the_rule")
def last_block_first():
    """blocks run from the last to the first"""

    class GPT:
        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            for block in reversed(self.blocks):
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_logits_follow_the_rule")
def one_block_short():
    """blocks run but for the last one"""

    class GPT:
        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            for block in self.blocks[:-1]:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_the_parameters_are_those_of_its_parts")
def one_block_many_times():
    """one block repeated ([block] * layers), so that all layers share its parameters"""

    class GPT:
        def __init__(self, vocabulary, context, width, layers, heads):
            super().__init__()
            self.tokens = TokenEmbedding(vocabulary, width)
            self.positions = LearnedPositions(context, width)
            self.blocks = nn.ModuleList([TransformerBlock(width, heads)] * layers)
            self.norm = LayerNorm(width)


@caught_by("test_the_parameters_are_those_of_its_parts")
def blocks_in_a_plain_list():
    """blocks in a plain Python list, where no optimizer finds their parameters"""

    class GPT:
        def __init__(self, vocabulary, context, width, layers, heads):
            super().__init__()
            self.tokens = TokenEmbedding(vocabulary, width)
            self.positions = LearnedPositions(context, width)
            self.blocks = [TransformerBlock(width, heads) for _ in range(layers)]
            self.norm = LayerNorm(width)


@caught_by("test_there_is_a_logit_for_each_token_and_each_that_may_follow")
def last_token_only():
    """logits of the last token alone, which is enough to generate but not to train"""

    class GPT:
        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            for block in self.blocks:
                x = block(x)
            return self.norm(x[:, -1:]) @ self.tokens.weight.T


@caught_by("test_there_is_a_logit_for_each_token_and_each_that_may_follow")
def vectors_not_logits():
    """the normalised vectors (B, T, C) in place of logits over the vocabulary"""

    class GPT:
        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            for block in self.blocks:
                x = block(x)
            return self.norm(x)


@caught_by("test_logits_worked_by_hand")
def probabilities():
    """probabilities after softmax in place of logits"""

    class GPT:
        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            for block in self.blocks:
                x = block(x)
            return torch.softmax(self.norm(x) @ self.tokens.weight.T, dim=-1)


@caught_by("test_training_and_evaluation_are_the_same_computation")
def dropout_on_the_embeddings():
    """dropout on the embeddings while training"""

    class GPT:
        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            x = nn.functional.dropout(x, 0.1, self.training)
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_logits_follow_the_rule")
def one_head_always():
    """blocks with one head, whatever heads says"""

    class GPT:
        def __init__(self, vocabulary, context, width, layers, heads):
            super().__init__()
            self.tokens = TokenEmbedding(vocabulary, width)
            self.positions = LearnedPositions(context, width)
            self.blocks = nn.ModuleList(TransformerBlock(width, 1) for _ in range(layers))
            self.norm = LayerNorm(width)


@caught_by("test_more_tokens_than_the_context_are_refused")
def beginning_cut_off():
    """a sequence that is too long cut to its last tokens in silence"""

    class GPT:
        def forward(self, ids):
            ids = ids[:, -len(self.positions.weight) :]
            x = self.positions(self.tokens(ids))
            for block in self.blocks:
                x = block(x)
            return self.norm(x) @ self.tokens.weight.T


@caught_by("test_a_later_token_never_changes_an_earlier_logit")
def mean_over_the_sequence():
    """the mean over all tokens added to each before the logits, so that the future leaks"""

    class GPT:
        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            for block in self.blocks:
                x = block(x)
            return self.norm(x + x.mean(dim=1, keepdim=True)) @ self.tokens.weight.T


@caught_by("test_sequences_know_nothing_of_each_other")
def scaled_over_the_batch():
    """x centred and scaled over the whole batch before the logits, which ties sequences together"""

    class GPT:
        def forward(self, ids):
            x = self.positions(self.tokens(ids))
            for block in self.blocks:
                x = block(x)
            return self.norm(x - x.mean()) / x.std() @ self.tokens.weight.T


@caught_by("test_heads_that_do_not_divide_the_width_are_refused")
def heads_lowered_in_silence():
    """heads that do not divide the width lowered until they do, without a word"""

    class GPT:
        def __init__(self, vocabulary, context, width, layers, heads):
            super().__init__()
            while width % heads:
                heads -= 1
            self.tokens = TokenEmbedding(vocabulary, width)
            self.positions = LearnedPositions(context, width)
            self.blocks = nn.ModuleList(TransformerBlock(width, heads) for _ in range(layers))
            self.norm = LayerNorm(width)
