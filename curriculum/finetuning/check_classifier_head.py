"""The checks of the classifier."""

import pytest
import torch

from grader.checks import close, equal, formed, gradients, holds, uniform, value

FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32, which is enough for a model in float64 too."""


def test_there_is_a_logit_for_each_class(Classifier, beside, randint):
    """B sequences and K classes give float32 logits of shape (B, K)."""
    for rows, classes in ((3, 2), (1, 5), (2, 1)):
        classifier = Classifier(_model(beside), classes)
        ids, mask = _pad([randint(1, 11, n).tolist() for n in (5, 2, 3)[:rows]])
        formed(classifier(ids, mask), f"float32 tensor {rows}x{classes}", "the logits")


def test_a_head_of_zeros_returns_its_bias(Classifier, beside, randn):
    """If the head's weight is 0, the logits of every sequence are the bias, without softmax."""
    classifier = Classifier(_model(beside, randn), 3)
    bias = torch.tensor([1.0, -2.0, 700.0])
    _set(classifier, torch.zeros(3, 6), bias)
    ids, mask = _pad([[5, 6, 3], [4]])
    equal(classifier(ids, mask), bias.expand(2, 3), say="weight 0 and bias [1, -2, 700]")


def test_the_parameters_are_those_of_model_and_head(Classifier, beside):
    """The parameters are the model's, under model., and head.weight and head.bias."""
    for width, classes in ((6, 2), (12, 5)):
        model = beside("exercises.model.gpt.GPT")(11, 7, width, 2, 3)
        own = {f"model.{name}": tuple(part.shape) for name, part in _parts(model).items()}
        head = {"head.weight": (classes, width), "head.bias": (classes,)}
        classifier = Classifier(model, classes)
        got = {name: tuple(part.shape) for name, part in _parts(classifier).items()}
        equal(got, own | head, say=f"names and shapes, for C = {width} and K = {classes}")
        frozen = [name for name, part in classifier.named_parameters() if not part.requires_grad]
        equal(frozen, [], say="the parameters that are frozen")


def test_each_row_is_read_at_its_own_last_token(Classifier, beside, randn, randint):
    """The logits are the head's output for the hidden state at each row's last real token."""
    for lengths, filled in (((3, 1, 5), None), ((2, 7, 4, 1), randn)):
        # At first as it is initialised, then with norms that are not 1 and 0 either.
        model = _model(beside, filled)
        classifier = Classifier(model, 3)
        weight, bias = randn(3, 6), randn(3)
        _set(classifier, weight, bias)
        ids, mask = _pad([randint(1, 11, n).tolist() for n in lengths])
        hidden = _states(beside, model, ids)
        rows = [hidden[b, n - 1] for b, n in enumerate(lengths)]
        want = torch.stack(rows) @ weight.T + bias
        close(classifier(ids, mask), want, say=f"sequences of {lengths} tokens", **FLOAT32)


def test_padding_changes_nothing(Classifier, beside, randint):
    """A sequence has the same logits alone and padded, whatever ids stand in the padding."""
    classifier = Classifier(_model(beside), 3)
    texts = [randint(0, 11, n).tolist() for n in (4, 1, 2)]
    alone = torch.cat([value(classifier(*_pad([text]))) for text in texts])
    for pad, width in ((0, 4), (10, 4), (3, 7)):
        got = classifier(*_pad(texts, pad, width))
        close(got, alone, say=f"padded with {pad} to {width} columns", **FLOAT32)
    ids, mask = _pad(texts, 0, 7)
    ids = ids.where(mask, randint(0, 11, 3, 7))
    close(classifier(ids, mask), alone, say="random ids in the padding", **FLOAT32)


def test_a_real_token_may_have_the_id_of_the_padding(Classifier, beside):
    """A last token with the id 0 is real where the mask is True, also if the padding is 0."""
    classifier = Classifier(_model(beside), 3)
    texts = [[5, 0, 0], [0], [0, 7], [3, 4, 0, 6, 0]]
    alone = torch.cat([value(classifier(*_pad([text]))) for text in texts])
    # The same texts with another padding have the same logits.
    ids, mask = _pad(texts, 0, 6)
    close(classifier(ids, mask), alone, say=f"the texts {texts}, padded with 0", **FLOAT32)
    hidden = _states(beside, classifier.model, ids)
    last = torch.stack([hidden[b, len(text) - 1] for b, text in enumerate(texts)])
    want = last @ value(classifier.head.weight).T + value(classifier.head.bias)
    close(
        classifier(ids, mask), want, say="read at the last position where mask is True", **FLOAT32
    )


def test_full_rows_and_large_batches_follow_the_rule(Classifier, beside, randn, randint, rng):
    """Rows without padding, a whole context, one token and many rows follow the rule."""
    model = _model(beside)
    classifier = Classifier(model, 2)
    weight, bias = randn(2, 6), randn(2)
    _set(classifier, weight, bias)
    for lengths in ([7, 7], [1], [rng.randint(1, 7) for _ in range(31)]):
        ids, mask = _pad([randint(0, 11, n).tolist() for n in lengths])
        last = _states(beside, model, ids)[torch.arange(len(lengths)), torch.tensor(lengths) - 1]
        say = f"{len(lengths)} rows of {ids.shape[1]} columns"
        close(classifier(ids, mask), last @ weight.T + bias, say=say, **FLOAT32)


def test_the_model_itself_is_kept(Classifier, beside, randn):
    """The classifier computes with the model that it was given, also after that has changed."""
    model = _model(beside, randn)
    before = {name: part.clone() for name, part in _parts(model).items()}
    classifier = Classifier(model, 3)
    equal(_parts(model), before, say="the model's parameters after Classifier(model, 3)")
    for training in (True, False):
        modes = [part.training for part in Classifier(model.train(training), 3).model.modules()]
        equal(set(modes), {training}, say=f"training of each module, after model.train({training})")
    same = beside("operator.is_")(classifier.model, model)
    equal(same, True, say="classifier.model is the model that was passed")
    ids, mask = _pad([[5, 6, 3], [4]])
    classifier(ids, mask)
    _fill(model, randn)
    hidden = _states(beside, model, ids)
    want = hidden[[0, 1], [2, 0]] @ value(classifier.head.weight).T + value(classifier.head.bias)
    close(classifier(ids, mask), want, say="after the model's parameters have changed", **FLOAT32)


def test_the_head_starts_as_a_linear_layer_does(Classifier, beside):
    """The head's weight and bias are spread evenly between -1 / sqrt(C) and 1 / sqrt(C)."""
    model = beside("exercises.model.gpt.GPT")(11, 7, 48, 1, 3)
    head = Classifier(model, 101).head
    for name, part in (("weight", value(head.weight)), ("bias", value(head.bias))):
        uniform(part, 48**-0.5, f"head.{name} starts as in nn.Linear")
    again = value(Classifier(model, 101).head.weight)
    same = torch.equal(value(head.weight), again)
    holds(not same, "two classifiers start with heads of their own", got=again)


def test_gradients_reach_the_head_and_the_model(Classifier, beside, randn):
    """The gradients are those of the head's output at the last real tokens, for all parameters."""
    model = _model(beside, randn)
    classifier = Classifier(model, 3).double()
    ids, mask = _pad([[5, 6, 3], [4], [2, 9]])
    upstream = randn(3, 3, dtype=torch.float64)
    gradients(classifier, ids, mask, upstream=upstream)
    got = {name: _gradient(part) for name, part in classifier.named_parameters()}
    classifier.zero_grad()
    pick = beside("operator.itemgetter")(([0, 1, 2], [2, 0, 1]))
    weigh = beside("functools.partial")(beside("torch.mul"), upstream)
    back = beside("operator.methodcaller")("backward")
    # Each map passes the result on where it is, so that its graph is kept.
    passed = [ids]
    for stage in (
        _trunk(beside, model),
        pick,
        classifier.head,
        weigh,
        beside("torch.sum"),
        back,
    ):
        passed = beside("builtins.map")(stage, passed)
    beside("builtins.list")(passed)
    for name, part in classifier.named_parameters():
        close(got[name], _gradient(part), say=f"the gradient of {name}", **FLOAT32)


def test_there_is_no_dropout(Classifier, beside, randn):
    """Training and evaluation mode compute the same, in float32 and in float64."""
    classifier = _build(Classifier, beside, randn)
    ids, mask = _pad([[5, 6, 3], [4]])
    first = value(classifier(ids, mask))
    for training in (False, True):
        classifier.train(training)
        close(classifier(ids, mask), first, say=f"classifier.train({training})", **FLOAT32)
    got = classifier.double()(ids, mask)
    close(got, first.double(), say="classifier.double()", **FLOAT32)


def test_the_layout_of_ids_and_mask_does_not_matter(Classifier, beside, randn):
    """Transposed and strided ids and masks give what copies of them give."""
    classifier = _build(Classifier, beside, randn)
    ids, mask = _pad([[5, 6, 3, 1], [4], [7, 0]])
    want = value(classifier(ids, mask))
    turned = ids.T.contiguous().T, mask.T.contiguous().T
    strided = ids.repeat_interleave(2, 1)[:, ::2], mask.repeat_interleave(2, 1)[:, ::2]
    for say, views in (("transposed", turned), ("strided", strided)):
        close(classifier(*views), want, say=f"{say} ids and mask", **FLOAT32)


def test_a_sequence_without_tokens_is_refused(Classifier, beside, randn):
    """A row whose mask is False everywhere, and rows beyond the context, raise ValueError."""
    classifier = _build(Classifier, beside, randn)
    for texts in ([[]], [[], []], [[], [5, 6]], [[5, 6], []], [[5], [], [4, 3]]):
        with pytest.raises(ValueError):
            classifier(*_pad(texts, 0, 3))
    with pytest.raises(ValueError):
        classifier(*_pad([[1] * 8]))
    with pytest.raises(ValueError):
        classifier(*_pad([[1, 2]], 0, 8))


def _model(beside, randn=None):
    """Return a GPT beside the learner's code: V = 11, context 7, C = 6, three blocks and heads."""
    model = beside("exercises.model.gpt.GPT")(11, 7, 6, 3, 3)
    if randn is not None:
        _fill(model, randn)
    return model


def _fill(model, randn):
    """Draw all parameters of a model anew, so that none is zero and each part counts."""
    state = {name: 0.7 * randn(*part.shape) for name, part in _parts(model).items()}
    # Not strict: a GPT may also have buffers, or a second name for the token embedding.
    model.load_state_dict(state, strict=False)


def _build(Classifier, beside, randn):
    """Return a classifier of three classes whose numbers are all drawn anew."""
    classifier = Classifier(_model(beside, randn), 3)
    _set(classifier, randn(3, 6), randn(3))
    return classifier


def _set(classifier, weight, bias):
    """Give the head these numbers."""
    classifier.head.load_state_dict({"weight": weight, "bias": bias})


def _parts(module):
    """Return every parameter by name."""
    return dict(value(module.named_parameters()))


def _gradient(part):
    """Return a parameter's gradient, zeros if it has none."""
    gradient = value(part.grad)
    return torch.zeros(value(part).shape, dtype=torch.float64) if gradient is None else gradient


def _trunk(beside, model):
    """Return the parts of a model that lead to its hidden states, one after the other."""
    blocks = [model.get_submodule(f"blocks.{layer}") for layer in range(3)]
    parts = [model.tokens, model.positions, *blocks, model.norm]
    return beside("torch.nn.Sequential")(*parts)


def _states(beside, model, ids):
    """Return the hidden states of a model, computed by its parts."""
    return value(_trunk(beside, model)(ids)).detach()


def _pad(texts, pad=0, width=None):
    """Return ids and mask of these texts, padded at the right."""
    width = width or max(map(len, texts))
    ids = [text + [pad] * (width - len(text)) for text in texts]
    return torch.tensor(ids), torch.tensor(
        [[t < len(text) for t in range(width)] for text in texts]
    )
