"""What goes wrong with a classifier's head."""

import torch
from torch import nn

from grader.checks import caught_by, edit, spelling


@caught_by("test_each_row_is_read_at_its_own_last_token")
def last_column():
    """the last column read, which is padding in all rows but the longest"""
    edit("x[torch.arange(len(x)), lengths - 1]", "x[:, -1]")


@caught_by("test_each_row_is_read_at_its_own_last_token")
def first_column():
    """the first token read, as in BERT; in a causal model it has read nothing but itself"""
    edit("x[torch.arange(len(x)), lengths - 1]", "x[:, 0]")


@caught_by("test_each_row_is_read_at_its_own_last_token")
def one_too_far():
    """the position after the last real token, an off-by-one error"""
    edit("lengths - 1]", "lengths.clamp(max=x.shape[1] - 1)]")


@caught_by("test_each_row_is_read_at_its_own_last_token")
def last_but_one():
    """the token before the last real one, an off-by-one error"""
    with spelling():
        edit("lengths - 1]", "(lengths - 2).clamp(min=0)]")
    with spelling():
        edit("lengths - 1]", "lengths - 2]")


@caught_by("test_each_row_is_read_at_its_own_last_token")
def same_column_for_all():
    """one length for the whole batch, so that all rows are read at the same position"""
    edit("x[torch.arange(len(x)), lengths - 1]", "x[:, lengths[0] - 1]")


@caught_by("test_there_is_a_logit_for_each_class")
def every_row_at_every_length():
    """columns indexed without rows, which reads every row at the lengths of all: (B, B, C)"""
    edit("x[torch.arange(len(x)), lengths - 1]", "x[:, lengths - 1]")


@caught_by("test_there_is_a_logit_for_each_class")
def every_position():
    """logits for each position, not for each sequence"""
    edit("return self.head(self.model.norm(last))", "return self.head(self.model.norm(x))")


@caught_by("test_each_row_is_read_at_its_own_last_token")
def mean_over_tokens():
    """the mean of the real tokens' hidden states, not the last one"""
    with spelling():
        edit(
            "return self.head(self.model.norm(last))",
            "kept = self.model.norm(x) * mask.unsqueeze(-1)\n"
            "        return self.head(kept.sum(dim=1) / lengths.unsqueeze(1))",
        )
    with spelling():
        edit(
            "last = x[torch.arange(len(x)), lengths - 1]",
            "last = (x * mask.unsqueeze(-1)).sum(dim=1) / lengths.unsqueeze(1)",
        )


@caught_by("test_each_row_is_read_at_its_own_last_token")
def mean_over_padding():
    """the mean over all positions, padding included"""
    with spelling():
        edit(
            "return self.head(self.model.norm(last))",
            "return self.head(self.model.norm(x).mean(dim=1))",
        )
    with spelling():
        edit("x[torch.arange(len(x)), lengths - 1]", "x.mean(dim=1)")


@caught_by("test_each_row_is_read_at_its_own_last_token")
def largest_of_each_feature():
    """the maximum of each feature over the positions, not the last state"""
    edit(
        "return self.head(self.model.norm(last))",
        "hidden = self.model.norm(x).masked_fill(~mask.unsqueeze(-1), -torch.inf)\n"
        "        return self.head(hidden.amax(dim=1))",
    )


@caught_by("test_each_row_is_read_at_its_own_last_token")
def norm_left_out():
    """the model's last norm left out"""
    edit("self.head(self.model.norm(last))", "self.head(last)")


@caught_by("test_each_row_is_read_at_its_own_last_token")
def blocks_left_out():
    """the blocks left out: embeddings alone"""
    edit("for block in self.model.blocks:", "for block in self.model.blocks[:0]:")


@caught_by("test_each_row_is_read_at_its_own_last_token")
def first_block_only():
    """only the first block computed"""
    edit("for block in self.model.blocks:", "for block in self.model.blocks[:1]:")


@caught_by("test_each_row_is_read_at_its_own_last_token")
def last_block_left_out():
    """the last block left out"""
    edit("for block in self.model.blocks:", "for block in self.model.blocks[:-1]:")


@caught_by("test_each_row_is_read_at_its_own_last_token")
def positions_left_out():
    """the position embeddings left out"""
    edit("self.model.positions(self.model.tokens(ids))", "self.model.tokens(ids)")


@caught_by("test_the_parameters_are_those_of_model_and_head")
def head_on_the_logits():
    """the head on the model's logits for the vocabulary, not on its hidden states"""

    class Classifier:
        def __init__(self, model, classes):
            nn.Module.__init__(self)
            self.model = model
            self.head = nn.Linear(model.tokens.weight.shape[0], classes)

        def forward(self, ids, mask):
            lengths = mask.sum(dim=1)
            if not lengths.all():
                raise ValueError("a sequence without tokens has no last token")
            return self.head(self.model(ids)[torch.arange(len(ids)), lengths - 1])


@caught_by("test_the_parameters_are_those_of_model_and_head")
def no_bias():
    """a head without a bias"""
    edit("shape[1], classes)", "shape[1], classes, bias=False)")


@caught_by("test_the_parameters_are_those_of_model_and_head")
def frozen_model():
    """the model frozen by the classifier, which is for the caller to decide"""
    edit("self.model = model\n", "self.model = model.requires_grad_(False)\n")


@caught_by("test_the_parameters_are_those_of_model_and_head")
def hidden_in_a_list():
    """the model kept in a list, so that PyTorch does not find its parameters"""
    edit("self.model = model\n", 'object.__setattr__(self, "model", model)\n')


@caught_by("test_a_head_of_zeros_returns_its_bias")
def softmax_added():
    """probabilities, or their logarithms, in place of logits"""
    with spelling():
        edit(
            "return self.head(self.model.norm(last))",
            "return self.head(self.model.norm(last)).softmax(-1)",
        )
    with spelling():
        edit(
            "return self.head(self.model.norm(last))",
            "return self.head(self.model.norm(last)).log_softmax(-1)",
        )
    with spelling():
        edit(
            "return self.head(self.model.norm(last))",
            "return self.head(self.model.norm(last)).sigmoid()",
        )


@caught_by("test_a_real_token_may_have_the_id_of_the_padding")
def lengths_from_the_ids():
    """lengths from the ids that are not 0, not from the mask: a real 0 is taken for padding"""
    with spelling():
        edit("mask.sum(dim=1)", "(ids != 0).sum(dim=1).clamp(min=1)")
    with spelling():
        edit("mask.sum(dim=1)", "(ids != 0).sum(dim=1)")


@caught_by("test_a_real_token_may_have_the_id_of_the_padding")
def padding_id_from_the_batch():
    """the last id of a row taken for the padding's id, whatever the mask says"""
    edit(
        "        x = self.model.positions",
        "        guessed = (ids != ids[:, -1:]).sum(dim=1).clamp(min=1)\n"
        "        lengths = lengths.where(mask[:, -1], guessed)\n"
        "        x = self.model.positions",
    )


@caught_by("test_each_row_is_read_at_its_own_last_token")
def padding_moved_to_the_left():
    """padding moved to the left, where the real tokens attend to it and have other positions"""
    edit(
        "        x = self.model.positions",
        "        places = torch.arange(ids.shape[1]) + lengths.unsqueeze(1)\n"
        "        ids = ids.gather(1, places % ids.shape[1])\n"
        "        lengths = torch.full_like(lengths, ids.shape[1])\n"
        "        x = self.model.positions",
    )


@caught_by("test_each_row_is_read_at_its_own_last_token")
def over_the_batch():
    """the hidden states reduced by their mean over the batch"""
    edit("self.model.norm(last))", "self.model.norm(last) - self.model.norm(last).mean(dim=0))")


@caught_by("test_each_row_is_read_at_its_own_last_token")
def rows_by_length():
    """the logits in the order of the lengths, not of the rows"""
    edit(
        "        x = self.model.positions",
        "        lengths, order = lengths.sort(descending=True)\n        ids = ids[order]\n"
        "        x = self.model.positions",
    )


@caught_by("test_each_row_is_read_at_its_own_last_token")
def norm_without_its_weights():
    """a norm without the weight and bias that the model has learned"""
    edit("self.model.norm(last))", "nn.functional.layer_norm(last, last.shape[-1:]))")


@caught_by("test_the_parameters_are_those_of_model_and_head")
def hidden_layer_added():
    """a layer of its own between the hidden state and the head, as in BERT"""
    edit(
        "self.model = model\n",
        "self.model = model\n        width = model.tokens.weight.shape[1]\n"
        "        self.pooler = nn.Linear(width, width)\n",
    )
    edit("self.model.norm(last))", "torch.tanh(self.pooler(self.model.norm(last))))")


@caught_by("test_the_model_itself_is_kept")
def evaluation_mode():
    """the model put into evaluation mode"""
    edit("self.model = model\n", "self.model = model.eval()\n")


@caught_by("test_the_model_itself_is_kept")
def states_stored():
    """the hidden states of the last ids stored, and used again when the weights have changed"""
    edit(
        "        last = x[",
        '        stored = self.__dict__.setdefault("stored", {})\n'
        "        x = stored.setdefault(str(ids.tolist()), x)\n"
        "        last = x[",
    )


@caught_by("test_there_is_no_dropout")
def float32_result():
    """a result in float32 also in a float64 model"""
    edit(
        "return self.head(self.model.norm(last))", "return self.head(self.model.norm(last)).float()"
    )


@caught_by("test_a_sequence_without_tokens_is_refused")
def padding_cut_first():
    """padding cut off first, so that rows beyond the context raise no error if that is padding"""
    edit(
        "        x = self.model.positions",
        "        ids = ids[:, : int(lengths.max())]\n        x = self.model.positions",
    )


@caught_by("test_a_sequence_without_tokens_is_refused")
def context_cut():
    """a batch cut to the context length, without an error"""
    edit(
        "        x = self.model.positions",
        "        size = len(self.model.positions.weight)\n"
        "        ids, lengths = ids[:, :size], lengths.clamp(max=size)\n"
        "        x = self.model.positions",
    )


@caught_by("test_the_model_itself_is_kept")
def model_copied():
    """a copy of the model, so that training the classifier leaves the model as it was"""
    edit("self.model = model\n", "import copy\n\n        self.model = copy.deepcopy(model)\n")


@caught_by("test_the_head_starts_as_a_linear_layer_does")
def zeros_at_first():
    """a head that starts as zeros"""
    edit(
        "shape[1], classes)",
        "shape[1], classes)\n        nn.init.zeros_(self.head.weight)\n"
        "        nn.init.zeros_(self.head.bias)",
    )


@caught_by("test_the_head_starts_as_a_linear_layer_does")
def normal_at_first():
    """a head that starts with normal numbers of standard deviation 0.02, as GPT's weights"""
    edit(
        "shape[1], classes)",
        "shape[1], classes)\n        nn.init.normal_(self.head.weight, std=0.02)\n"
        "        nn.init.zeros_(self.head.bias)",
    )


@caught_by("test_gradients_reach_the_head_and_the_model")
def model_without_gradients():
    """hidden states computed without gradients, so that only the head can learn"""
    with spelling():
        edit("self.head(self.model.norm(last))", "self.head(self.model.norm(last).detach())")
    with spelling():
        edit("self.head(self.model.norm(last))", "self.head(self.model.norm(last.detach()))")
    with spelling():
        edit(
            "            x = block(x)\n",
            "            with torch.no_grad():\n                x = block(x)\n",
        )


@caught_by("test_there_is_no_dropout")
def dropout_added():
    """dropout before the head, as in BERT"""
    edit(
        "self.head(self.model.norm(last))",
        "self.head(nn.functional.dropout(self.model.norm(last), 0.1, self.training))",
    )


@caught_by("test_a_sequence_without_tokens_is_refused")
def empty_sequences_accepted():
    """a sequence without tokens read at index -1, the last column, which is padding"""
    edit("if not lengths.all():", "if False:")


@caught_by("test_a_sequence_without_tokens_is_refused")
def error_if_all_are_empty():
    """an error only if no sequence has a token"""
    edit("if not lengths.all():", "if not lengths.any():")


@caught_by("test_padding_changes_nothing")
def read_in_the_longest_row():
    """every row read at the end of the longest sequence"""
    edit("lengths - 1]", "lengths.max() - 1]")
