"""The checks of the study of ranks."""

from pathlib import Path

import pytest
import torch

from grader.checks import close, equal, formed, holds, load_shared, value

shared = load_shared(__file__)
FLOAT32 = {"atol": 1e-5, "rtol": 1e-4}
"""The accuracy of float32."""
DATA = Path(__file__).parents[1] / "data"
HOW = {"alpha": 4.0, "rates": [0.3, 0.1, 0.2], "batch": 3, "context": 4}
"""The settings that most checks share."""


def test_a_run_returns_its_size_and_its_loss(run_rank, beside, randint):
    """A run returns the number of trained parameters, r (in + out) for each layer, and a loss."""
    text = randint(0, 5, 30)
    for targets, rank, want in (
        (["head"], 2, 2 * (6 + 5)),
        (["up", "down"], 1, (3 + 7) + (7 + 6)),
        (["up", "down", "head"], 8, 8 * (3 + 7 + 7 + 6 + 6 + 5)),
        (["body.up"], 3, 3 * (3 + 7)),
    ):
        got = run_rank(_make_base(beside), targets, rank, 1, text, text, **HOW)
        formed(got, "tuple of 2", "run_rank()")
        formed(got[0], "int", "the number of parameters")
        formed(got[1], "float", "the loss")
        equal(got[0], want, say=f"trained parameters with {targets=} and {rank=}")


def test_a_run_is_the_training_that_the_contract_says(run_rank, beside, randn, randint):
    """The loss is that of a seeded copy, adapted, and trained by AdamW without weight decay."""
    found = []
    for rank, seed, changes in (
        (2, 1, {}),
        (2, 2, {}),
        (1, 2**32 - 1, {"alpha": 0.5, "rates": [0.3]}),
        (8, 0, {"alpha": 32.0, "batch": 7, "context": 2}),
        (5, 9, {"rates": [0.3] * 9, "context": 5}),
    ):
        base, train, valid = _make_base(beside, randn), randint(0, 5, 40), randint(0, 5, 23)
        twin, how = beside("copy.deepcopy")(base), {**HOW, **changes}
        got = run_rank(base, ["up", "head"], rank, seed, train, valid, **how)
        found.append((got, (twin, rank, seed, train, valid, how)))
    for (_, loss), case in found:
        twin, rank, seed, _, valid, how = case
        start = beside("exercises.training.train_loop.evaluate")(twin, valid, 3, how["context"])
        want = _run_by_hand(beside, *case)
        say = f"the loss with {rank=}, {seed=}, alpha {how['alpha']}; before training {start:.4f}"
        close(loss, want, say=say, **FLOAT32)


def test_the_base_stays_as_it_is(run_rank, study_ranks, beside, randn, randint):
    """Neither a run nor a study changes the base: numbers, layers, gradients, flags and mode."""
    text = randint(0, 5, 30)
    for mode in (True, False):
        base = _make_base(beside, randn)
        base.train(mode)
        base.get_submodule("body").train(not mode)
        base.get_submodule("body.down").requires_grad_(False)
        weight = base.get_submodule("body.up").weight
        weight.grad = torch.ones(7, 3)
        before = shared.describe(beside, base)
        run_rank(base, ["up", "head"], 2, 1, text, text, **HOW)
        shared.claim_unchanged(beside, base, before, "after run_rank()")
        study_ranks(base, ["up"], [1, 2], [3], text, text, **HOW)
        shared.claim_unchanged(beside, base, before, "after study_ranks()")
        equal(value(weight.grad), torch.ones(7, 3), say="grad of body.up.weight")
        modes = [base.training, base.get_submodule("body").training]
        equal(modes, [mode, not mode], say="training of the base and of its body afterwards")


def test_a_run_depends_on_its_seed_alone(run_rank, beside, randn, randint):
    """Equal seeds give equal losses, whatever ran before; another seed gives another loss."""
    base, train, valid = _make_base(beside, randn), randint(0, 5, 40), randint(0, 5, 23)
    losses = []
    for seed in (1, 2, 1, 3, 1):
        beside("torch.rand")(len(losses) + 1)
        before = beside("torch.get_rng_state")()
        losses.append(run_rank(base, ["up", "head"], 2, seed, train, valid, **HOW)[1])
        say = "the state of PyTorch's global generator after the call"
        equal(beside("torch.get_rng_state")(), before, say=say)
    for again in (2, 4):
        close(losses[again], losses[0], say="the loss of another run with seed 1", **FLOAT32)
    for one, other in ((0, 1), (0, 3), (1, 3)):
        differ = abs(losses[one] - losses[other]) > 1e-6
        holds(differ, "different seeds have different losses", got=f"{losses}")


def test_there_is_a_row_for_each_rank(study_ranks, beside, randint):
    """The rows are tuples of rank, parameters and one loss for each seed, in the given order."""
    text = randint(0, 5, 30)
    for ranks, seeds in (([2, 8, 1], [5, 3]), ([4], [1, 0, 9]), ([3, 1], [7])):
        got = study_ranks(_make_base(beside), ["up"], ranks, seeds, text, text, **HOW)
        formed(got, f"list of {len(ranks)}", f"study_ranks() of {ranks=}")
        for rank, row in zip(ranks, got, strict=True):
            formed(row, "tuple of 3", f"the row of rank {rank}")
            equal(list(row[:2]), [rank, rank * 10], say=f"rank and parameters, {ranks=}")
            formed(row[2], f"list of {len(seeds)}", f"the losses of rank {rank}, {seeds=}")
            for loss in row[2]:
                formed(loss, "float", "a loss")


def test_the_runs_differ_in_rank_and_seed_alone(study_ranks, beside, randn, randint):
    """Each loss is that of the run by hand with this rank, this seed and the same alpha."""
    # The second study has another base: what the first one found says nothing about it.
    for study, ranks, seeds in (("a", [4, 1, 8], [6, 2]), ("a second", [8], [2])):
        base, train, valid = _make_base(beside, randn), randint(0, 5, 40), randint(0, 5, 23)
        twin = beside("copy.deepcopy")(base)
        rows = study_ranks(base, ["up", "head"], ranks, seeds, train, valid, **HOW)
        for rank, (_, _, losses) in zip(ranks, rows, strict=True):
            for seed, loss in zip(seeds, losses, strict=True):
                copy = beside("copy.deepcopy")(twin)
                want = _run_by_hand(beside, copy, rank, seed, train, valid, HOW)
                say = f"the loss of {rank=} with {seed=} in {study} study"
                close(loss, want, say=say, **FLOAT32)


def test_report_hears_of_every_run(study_ranks, beside, prop, randn, randint):
    """report(n, loss) is called after each run, with the number of runs done and its loss."""
    text, report = randint(0, 5, 30), prop("Recorder")
    base = _make_base(beside, randn)
    rows = study_ranks(base, ["up"], [2, 1], [4, 3, 5], text, text, report=report, **HOW)
    heard = value(report.heard)
    equal([len(call) for call in heard], [2] * 6, say="the arguments of each call of report")
    equal([done for done, _ in heard], [1, 2, 3, 4, 5, 6], say="the first argument of report")
    losses = [loss for _, _, losses in rows for loss in losses]
    equal([loss for _, loss in heard], losses, say="the second argument of report")


def test_the_smallest_rank_within_the_limit_is_chosen(choose_rank):
    """Chosen is the smallest rank whose mean is at most the lowest one plus its standard error."""
    for rows, want in (
        # The lowest mean is 2.0, its standard error 0.1; rank 2 has the mean 2.05, 2.09, then 2.11.
        ([(1, 8, [2.5, 2.7]), (2, 16, [2.0, 2.1]), (4, 32, [1.9, 2.1])], 2),
        ([(1, 8, [2.5, 2.7]), (2, 16, [2.0, 2.18]), (4, 32, [1.9, 2.1])], 2),
        ([(1, 8, [2.5, 2.7]), (2, 16, [2.0, 2.22]), (4, 32, [1.9, 2.1])], 4),
        ([(4, 32, [1.9, 2.1]), (1, 8, [2.0, 2.18]), (2, 16, [2.0, 2.18])], 1),
        ([(32, 8, [1.0, 1.5]), (8, 4, [2.0, 2.5])], 32),
        ([(3, 30, [0.5, 0.7])], 3),
        ([(10, 8, [2.0, 2.1]), (9, 8, [2.0, 2.1])], 9),
        # Equal losses: the standard error is 0, and the lowest mean itself is within the limit.
        ([(8, 80, [2.0, 2.0]), (4, 40, [2.0, 2.0]), (2, 20, [2.5, 2.5])], 4),
    ):
        got = choose_rank(rows)
        formed(got, "int", "choose_rank()")
        equal(got, want, say=f"the rank chosen of {rows}")


def test_the_standard_error_is_that_of_the_mean(choose_rank):
    """It is the root of the sum of squares over n - 1, divided by the root of n."""
    # Losses 1, 2, 3, 4: mean 2.5, s = 1.291, standard error 0.645.
    best = (64, 640, [4.0, 1.0, 3.0, 2.0])
    near = ((2.6, 2.6, 2), (2.9, 2.9, 2), (3.13, 3.13, 2), (3.16, 3.16, 64))
    for low, high, want in (*near, (2.13, 4.13, 2), (2.16, 4.16, 64)):
        got = choose_rank([best, (2, 20, [low, high, low, high])])
        equal(got, want, say=f"the limit is 3.145; rank 2 has the mean {(low + high) / 2:.2f}")
    # Nine losses whose sum of squares is 8: s = 1, standard error 1 / 3.
    nine = (16, 160, [5.0] + [4.0] * 4 + [6.0] * 4)
    for mean, want in ((5.32, 1), (5.35, 16)):
        equal(choose_rank([(1, 10, [mean] * 9), nine]), want, say=f"the limit is 5.333, not {mean}")


def test_the_standard_error_of_the_best_row_counts(choose_rank):
    """The limit is made from the row with the lowest mean, not from the row that is compared."""
    wide, narrow = [1.0, 3.2], [1.99, 2.01]  # means 2.1 and 2.0, standard errors 1.1 and 0.01
    equal(choose_rank([(1, 8, wide), (2, 16, narrow)]), 2, say="the limit is 2.01, rank 1 has 2.1")
    equal(choose_rank([(1, 8, [3.0, 3.01]), (2, 16, wide)]), 1, say="the limit is 3.2")
    # Two rows with the lowest mean: that of the smaller rank counts.
    rows = [(1, 8, [2.5, 2.5]), (4, 32, [1.0, 3.0]), (2, 16, [1.9, 2.1])]
    equal(choose_rank(rows), 2, say="ranks 2 and 4 have the mean 2; the limit is 2.1")


def test_a_mean_of_one_loss_has_no_standard_error(choose_rank):
    """A row with fewer than two losses raises ValueError, wherever it stands."""
    good = (2, 16, [2.0, 2.1])
    for bad in ([1.0], [], [9.0]):
        for rows in ([(1, 8, bad)], [good, (1, 8, bad)], [(1, 8, bad), good]):
            with pytest.raises(ValueError):
                choose_rank(rows)


def test_every_rank_learns_more_than_the_base_knows(study_ranks, beside, prop, long_run):
    """A GPT of Shakespeare's plays, tuned to subjects of e-mails, has a lower loss on them."""
    base, subjects = _train_base(beside)
    train, valid = subjects[:-2049], subjects[-2049:]
    frozen = beside("exercises.training.train_loop.evaluate")(base, valid, 64, 16)
    how = {"alpha": 16.0, "rates": [1e-2] * 20, "batch": 16, "context": 16}
    targets, report = ["query", "key", "value", "out", "up", "down"], prop("Progress", 4)
    rows = study_ranks(base, targets, [8, 16, 32, 128], [1], train, valid, report=report, **how)
    for rank, parameters, losses in rows:
        # Four layers of 32 x 32, one of 32 x 128 and one of 128 x 32.
        equal(parameters, rank * (4 * 64 + 2 * 160), say=f"the trained parameters of rank {rank}")
        say = f"the loss of rank {rank} is lower than that of the frozen base"
        holds(losses[0] < frozen - 0.05, say, want=f"less than {frozen:.3f} - 0.05", got=losses[0])


def _make_base(beside, randn=None):
    """Return a small language model of five tokens, with three linear layers."""
    linear = beside("torch.nn.Linear")
    body = {"up": linear(3, 7), "act": beside("torch.nn.Tanh")(), "down": linear(7, 6)}
    parts = {"embed": beside("torch.nn.Embedding")(5, 3), "body": body, "head": linear(6, 5)}
    base = shared.nest(beside, parts)
    if randn is not None:
        # Large numbers, so that the gradients are cut at norm 1.
        state = {name: 2 * randn(*part.shape) for name, part in value(base.state_dict()).items()}
        base.load_state_dict(state)
    return base


def _run_by_hand(beside, base, rank, seed, train, valid, how):
    """Adapt and train this model by the references of the earlier exercises; return its loss."""
    # Between two runs the global generator has another state, so that the seed decides.
    beside("torch.manual_seed")(seed)
    beside("exercises.lora.inject.inject")(base, ["up", "head"], rank, how["alpha"])
    apply = beside("builtins.filter")
    trained = apply(beside("operator.attrgetter")("requires_grad"), base.parameters())
    adamw = beside("torch.optim.AdamW")(trained, weight_decay=0.0)
    settings = {"rates": how["rates"], "batch": how["batch"], "context": how["context"]}
    history = beside("exercises.training.train_loop.train_loop")(
        base, adamw, train, valid, max_norm=1.0, evaluate_every=1, seed=seed, **settings
    )
    return history[-1][1]


def _train_base(beside):
    """Return a small GPT that has read plays for a moment, and subjects of e-mails."""
    plays = (DATA / "shakespeare.txt").read_text("utf-8")
    known = {letter: i for i, letter in enumerate(sorted(set(plays)))}
    lines = (DATA / "spam_subjects.tsv").read_text("utf-8").splitlines()[1:]
    subjects = "\n".join(line.partition("\t")[2] for line in lines)
    plays, subjects = (
        torch.tensor([known[letter] for letter in text[:60_000] if letter in known])
        for text in (plays, subjects)
    )
    model = beside("exercises.model.gpt.GPT")(len(known), 16, 32, 1, 2)
    beside("exercises.model.initialise.initialise")(model, 0)
    adamw = beside("torch.optim.AdamW")(model.parameters())
    how = {"batch": 16, "context": 16, "max_norm": 1.0, "evaluate_every": 99, "seed": 0}
    loop = beside("exercises.training.train_loop.train_loop")
    loop(model, adamw, plays, plays[-2049:], rates=[1e-2] * 80, **how)
    return model, subjects
