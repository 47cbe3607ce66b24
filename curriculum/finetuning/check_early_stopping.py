"""The checks of early stopping."""

import math

import torch
from torch.nn.functional import cross_entropy

from grader.checks import close, equal, formed, holds, value

FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32."""


def test_every_text_counts_the_same(measure, beside, prop, randn, randint):
    """Loss and accuracy are means over all texts, however they are divided into calls."""
    for count, batch in ((7, 3), (7, 7), (7, 1), (5, 100), (8, 3), (1, 1)):
        classifier = _make_classifier(beside, prop, randn)
        ids, mask, labels = _draw_texts(randint, count)
        logits = value(classifier(ids, mask))
        got = measure(classifier, ids, mask, labels, batch)
        formed(got, "tuple of 2", "measure()")
        say = f"of {count} texts, {batch=}"
        for name, number in zip(("loss", "accuracy"), got, strict=True):
            formed(number, "float", f"the {name}")
        close(got[0], cross_entropy(logits, labels).item(), say=f"the loss {say}", **FLOAT32)
        right = (logits.argmax(1) == labels).sum().item()
        close(got[1], right / count, say=f"the accuracy {say}, {right} of them right", **FLOAT32)


def test_texts_come_in_calls_of_at_most_batch(measure, beside, prop, randn, randint):
    """In one call the classifier gets at most batch texts, and each text is in one call."""
    for batch in (3, 1, 100):
        classifier = _make_classifier(beside, prop, randn)
        ids, mask, labels = _draw_texts(randint, 7)
        measure(classifier, ids, mask, labels, batch)
        rows = [len(seen) for seen in value(classifier.tokens.seen)]
        holds(max(rows) <= batch, f"no call has more than {batch} texts", got=f"{rows}")
        equal(sum(rows), 7, say="the texts in all calls together")


def test_measuring_changes_nothing(measure, beside, prop, randn, randint):
    """It computes in evaluation mode, without gradients, and leaves the classifier as it was."""
    for mode in (True, False):
        classifier = _make_classifier(beside, prop, randn)
        classifier.train(mode)
        tokens = classifier.tokens
        tokens.table.grad = torch.ones(6, 6)
        before = _parts(classifier)
        measure(classifier, *_draw_texts(randint, 7), 3)
        say = "(training, torch.is_grad_enabled()) in the calls"
        equal(set(value(tokens.modes)), {(False, False)}, say=say)
        modes = [classifier.training, classifier.dropout.training, classifier.head.training]
        equal(modes, [mode] * 3, say=f"the modes afterwards; before, they were {mode}")
        equal(_parts(classifier), before, say="the parameters")
        equal(value(tokens.table.grad), torch.ones(6, 6), say="grad")


def test_the_best_epoch_is_kept(train_best, beside):
    """The parameters are those after the epoch with the lowest validation loss, the first such."""
    for row, best in (
        ([0.5, 0.3, 0.4, 0.6], 2),
        ([0.5, 0.6, 0.7, 0.8], 1),
        ([0.9, 0.8, 0.7, 0.6], 4),
        ([0.5, 0.6, 0.2, 0.3], 3),
        ([0.5, 0.4, 0.4, 0.4], 2),
        ([0.5, 0.499999, 0.6, 0.7], 2),  # better, by however little
    ):
        model, train_epoch = _make_counter(beside)
        weight = model.weight
        got = train_best(model, train_epoch, _script(beside, row), 4, 9)
        formed(got, "list of 4", "train_best()")
        equal(got, row, say="the losses of all epochs")
        # Looked up beside the learner's code, so that every known mistake can be asked the same.
        same = beside("builtins.map")(beside("operator.is_"), model.parameters(), [weight])
        same = value(beside("builtins.list")(same))
        equal(same, [True], say="whether the parameter is the same object as before")
        say = f"the weight, which was n at the end of epoch n, after the losses {row}"
        equal(model.weight.item(), float(best), say=say)


def test_training_stops_when_patience_is_over(train_best, beside):
    """It stops once patience epochs in a row were not better than the best one before them."""
    for row, patience, done in (
        ([0.5, 0.6, 0.7, 0.8], 1, 2),
        ([0.5, 0.6, 0.1], 1, 2),
        ([0.5, 0.5, 0.1], 1, 2),
        ([0.5, 0.6, 0.7, 0.1], 2, 3),
        ([0.5, 0.7, 0.6, 0.1], 2, 3),  # better than the epoch before, not than the best one
        ([0.5, 0.6, 0.4, 0.6, 0.3, 0.7, 0.8, 0.1], 2, 7),
        ([0.9, 0.8, 0.7, 0.6], 1, 4),
    ):
        model, train_epoch = _make_counter(beside)
        got = train_best(model, train_epoch, _script(beside, row), len(row), patience)
        equal(got, row[:done], say=f"the losses, of {row} with {patience=}")
        best = row.index(min(row[:done])) + 1
        say = f"the weight, which was n at the end of epoch n, after the losses {row[:done]}"
        equal(model.weight.item(), float(best), say=say)


def test_each_epoch_trains_and_then_validates(train_best, beside):
    """An epoch calls train_epoch once and then validate once; there are epochs of them at most."""
    for epochs in (1, 3, 5):
        model, train_epoch = _make_counter(beside, start=-9.0)
        # Each training adds 1, and the validation loss is minus what the sum is then.
        model.weight.grad = torch.ones(1, 1)
        got = train_best(model, train_epoch, model.weight.item, epochs, 9)
        equal(got, [-10.0 - n for n in range(epochs)], say=f"the losses of {epochs} epochs")
        equal(model.weight.item(), -9.0 - epochs, say=f"the weight after {epochs} epochs")


def test_a_loss_that_is_no_number_is_never_the_best(train_best, beside):
    """NaN and infinity are not better than another loss; without any other, the start is kept."""
    nan, inf = math.nan, math.inf
    for row, patience, done, best in (
        ([nan, 0.5, 0.6], 5, 3, 2),
        ([0.5, nan, 0.6], 5, 3, 1),
        ([0.5, nan, 0.4], 5, 3, 3),
        ([inf, 0.5, nan], 5, 3, 2),
        ([0.5, nan, nan, 0.1], 2, 3, 1),
        ([nan, nan, nan], 5, 3, 0),
        ([inf, nan], 5, 2, 0),
        ([nan, nan, 0.5], 2, 2, 0),
    ):
        model, train_epoch = _make_counter(beside)
        got = train_best(model, train_epoch, _script(beside, row), len(row), patience)
        formed(got, f"list of {done}", f"train_best() with the losses {row}, {patience=}")
        say = f"the weight, which was n at the end of epoch n, after the losses {row}"
        equal(model.weight.item(), float(best), say=say)


def test_buffers_are_put_back_too(train_best, beside, randn):
    """Buffers, such as a norm's running mean, have their values from the best epoch."""
    for row, best in (([0.5, 0.3, 0.4], 2), ([0.5, 0.6, 0.7], 1)):
        model, x = beside("torch.nn.BatchNorm1d")(3), randn(5, 3) + 2
        train_epoch = beside("functools.partial")(model, x)
        train_best(model, train_epoch, _script(beside, row), 3, 9)
        mean = x.mean(0) * (1 - 0.9**best)
        close(value(model.running_mean), mean, say=f"the running mean, losses {row}", **FLOAT32)
        say = f"num_batches_tracked, which counts the epochs, losses {row}"
        equal(model.num_batches_tracked.item(), best, say=say)


def test_epochs_are_trained_in_training_mode(train_best, beside, prop):
    """The model is in training mode in each epoch, and in evaluation mode afterwards."""
    for mode in (False, True):
        model = prop("TableModel", torch.ones(1, 1))
        model.train(mode)
        train_epoch = beside("functools.partial")(model, torch.zeros(1, 1, dtype=torch.int64))
        for row in ([0.5, 0.6, 0.4], [0.5]):
            train_best(model, train_epoch, _script(beside, row), len(row), 9)
            equal(model.training, False, say="model.training when the function has returned")
        modes = [training for training, _ in value(model.modes)]
        equal(modes, [True] * 4, say=f"model.training in each epoch; before, it was {mode}")
    # A validation that leaves the model in evaluation mode, as many do.
    model = prop("TableModel", torch.ones(1, 1))
    train_epoch = beside("functools.partial")(model, torch.zeros(1, 1, dtype=torch.int64))
    apply, repeat = beside("builtins.map"), beside("itertools.repeat")
    evaluated = apply(beside("operator.methodcaller")("eval"), repeat(model))
    pairs = beside("builtins.zip")([0.5, 0.4, 0.3], evaluated)
    losses = apply(beside("operator.itemgetter")(0), pairs)
    train_best(
        model, train_epoch, beside("functools.partial")(beside("builtins.next"), losses), 3, 9
    )
    modes = [training for training, _ in value(model.modes)]
    equal(modes, [True] * 3, say="model.training in each epoch; validate() had called model.eval()")
    # A model whose train() is its own, as of one that keeps a part in evaluation mode.
    model, train_epoch = _make_counter(beside)
    model.eval()
    model.train = prop("Recorder")
    train_best(model, train_epoch, _script(beside, [0.5, 0.4, 0.3]), 3, 9)
    asked = [call in ((), (True,)) for call in value(model.train.heard)]
    holds(asked.count(True) >= 3, "the model's own train() is called for each of three epochs")


def _make_classifier(beside, prop, randn):
    """Return a classifier of three classes: the sum of the real tokens' vectors, dropout, a head.

    Its module ``tokens`` notes what it is called with.
    """
    parts = {
        "tokens": prop("TableModel", randn(6, 6)),
        "dropout": beside("torch.nn.Dropout")(0.5),
        "head": beside("torch.nn.Linear")(6, 3),
    }
    graph = beside("torch.fx.Graph")()
    ids, mask = graph.placeholder("ids"), graph.placeholder("mask")
    vectors = graph.call_module("tokens", (ids,))
    real = graph.call_method("mul", (vectors, graph.call_method("unsqueeze", (mask, 2))))
    x = graph.call_method("sum", (real, 1))
    for name in ("dropout", "head"):
        x = graph.call_module(name, (x,))
    graph.output(x)
    return beside("torch.fx.GraphModule")(parts, graph).eval()


def _draw_texts(randint, count):
    """Return ids, mask and labels of texts of 1 to 5 tokens."""
    lengths = randint(1, 6, count)
    return randint(0, 6, count, 5), torch.arange(5) < lengths[:, None], randint(0, 3, count)


def _make_counter(beside, start=0.0):
    """Return a model of one weight, and a function that adds 1 to it, as an epoch's training."""
    model = beside("torch.nn.Linear")(1, 1, bias=False)
    model.weight.data = torch.full((1, 1), start)
    model.weight.grad = -torch.ones(1, 1)
    return model, beside("torch.optim.SGD")(model.parameters(), lr=1.0).step


def _script(beside, row):
    """Return a function that returns these losses, one after the other."""
    losses = beside("builtins.map")(beside("builtins.float"), row)
    return beside("functools.partial")(beside("builtins.next"), losses)


def _parts(module):
    """Return every parameter by name."""
    return dict(value(module.named_parameters()))
