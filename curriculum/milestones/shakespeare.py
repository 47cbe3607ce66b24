"""The milestone "It learnt to spell": the learner's model, trained by their own loop, writes plays.

It trains on characters, so the loss of a token is the loss of a character.
"""

import math

import torch

from exercises.sampling.generate import generate
from exercises.training.adamw import AdamW
from exercises.training.train_loop import evaluate, train_loop
from exercises.training.warmup_cosine import warmup_cosine
from grader.milestones.characters import encode_characters, find_unknown, mix_seed
from grader.milestones.timed_run import TimedRun

LAYERS, WIDTH, HEADS = 4, 128, 4
CONTEXT, BATCH = 64, 12
FIRST_CONTEXT, FIRST_BATCH = 8, 64
"""The windows of the first seconds. What is learned first, pairs and short words, fits into short
windows, and many short ones show more different words than a few long ones."""
FIRST = 7.5
"""Seconds of training before the first evaluation."""
TIMED = 10
"""Steps that are taken with a learning rate of 0, to see how long one takes."""
EVALUATIONS = 20
PIECES, PIECE = 20, 1_000
"""The model is measured on so many pieces of the last tenth while it trains, and in the end on all
of it. One piece would not do: how hard a text is to predict changes from play to play."""
PEAK, WARMUP, FLOOR = 3e-3, 60, 1e-4
BETAS, DECAY, MAX_NORM = (0.9, 0.95), 0.1, 1.0
SAMPLE = 200
TEMPERATURE = 0.8


def run(stage):
    """Train for as long as was asked for, or go on where an earlier run was stopped."""
    training = Training(stage)
    training.begin()
    while training.timed.has_time():
        training.train_stretch()
    loss, due = training.measure_best()
    stage.measure("the trained model, on the whole last tenth", loss)
    stage.measure("a bigram model, on the whole last tenth", due)
    says = (
        f"{loss:.3f} nats per character on text that it was not trained on; a bigram model has "
        f"{due:.3f}."
    )
    if loss >= due:
        says += " It needs more time: --minutes says how much."
    elif training.kept < training.timed.best:
        says += " The model of an earlier run, which is better, is kept for grade talk."
    stage.reach(loss < due, says)


def write(stage):
    """Let the trained model continue a text, character by character."""
    settings = stage.settings
    kept = stage.recall(name_model(settings))
    if kept is None:
        choice = " --model llama" if settings.model == "llama" else ""
        stage.refuse(
            f"no model is trained yet: grade milestone shakespeare{choice} trains one in 10 "
            "minutes, on the references of what you have not passed; --minutes 1 tries it out."
        )
    letters = list(kept["letters"])
    model = build_model(settings, len(letters))
    model.load_state_dict(kept["weights"])
    unknown = find_unknown(settings.text, letters)
    if unknown:
        stage.refuse(f"the model knows no {' '.join(unknown)}: it has seen {''.join(letters[1:])}")
    stage.write(settings.text)
    ids = encode_characters(settings.text or "\n", letters)[None]
    for n in range(settings.tokens):
        ids = generate(model, ids, 1, CONTEXT, t=TEMPERATURE, seed=mix_seed(settings.seed, n))
        stage.write(letters[int(ids[0, -1])])


class Training:
    """A model with its optimizer, how far its training has come, and what is kept of it."""

    def __init__(self, stage):
        self.stage, self.settings = stage, stage.settings
        self.name = name_model(self.settings)
        text = (stage.data / "shakespeare.txt").read_text("utf-8")
        self.letters = sorted(set(text))
        self.device = find_device(stage)
        ids = encode_characters(text, self.letters).to(self.device)
        cut = len(text) * 9 // 10
        self.train, self.valid = ids[:cut], ids[cut:]
        starts = range(0, len(self.valid) - PIECE, len(self.valid) // PIECES)
        self.part = torch.cat([self.valid[start : start + PIECE] for start in starts])
        self.model = build_model(self.settings, len(self.letters)).to(self.device)
        self.optimizer = AdamW(self.model.parameters(), lr=PEAK, betas=BETAS, weight_decay=DECAY)
        self.best_weights = {}  # of this run
        self.kept = math.inf  # of all runs: what grade talk takes
        self.timed = TimedRun(self.settings.minutes)

    def begin(self):
        """Go on where a run was stopped, or see how long a step takes."""
        stage = self.stage
        stage.measure("chance: every character as likely as any other", math.log(len(self.letters)))
        stage.measure("bigram", measure_bigram(self.train, self.part, len(self.letters)))
        kept = None if self.settings.fresh else stage.recall(self.name)
        running = None if self.settings.fresh else stage.recall(f"{self.name}.running")
        self.kept = math.inf if kept is None else kept["loss"]
        if self.can_continue(running):
            self.load(running)
            stage.resume(self.timed.step)
            stage.say(f"Continuing after step {self.timed.step:,}.")
            return
        count = sum(weights.numel() for weights in self.model.parameters())
        stage.say(f"{count:,} parameters learn for {self.settings.minutes:g} minutes.")
        idle = AdamW(self.model.parameters(), lr=0.0, betas=BETAS, weight_decay=0.0)
        began = self.timed.get_seconds()
        self.call_loop(idle, [0.0] * TIMED, FIRST_CONTEXT, FIRST_BATCH, self.part[: CONTEXT + 1])
        self.timed.start((self.timed.get_seconds() - began) / TIMED)

    def train_stretch(self):
        """Train until the next evaluation; keep the state, and report it with a sample."""
        timed, began, before = self.timed, self.timed.get_seconds(), self.timed.step
        is_first = before == 0
        context, batch = (FIRST_CONTEXT, FIRST_BATCH) if is_first else (CONTEXT, BATCH)
        count, total = timed.plan_stretch(
            FIRST if is_first else max(FIRST, timed.budget / EVALUATIONS)
        )
        rates = [
            warmup_cosine(step, PEAK, min(WARMUP, total), total, FLOOR)
            for step in range(before, before + count)
        ]
        losses = []

        def report(done, loss):
            losses.append(loss)
            speed = batch * context * done / (timed.get_seconds() - began)
            self.stage.report(before + done, total, loss, speed, timed.get_seconds_left())

        history = self.call_loop(self.optimizer, rates, context, batch, self.part, report)
        timed.step += count
        loss, recent = float(history[-1][1]), losses[-50:]
        sample = self.write_sample()
        timed.each = (timed.get_seconds() - began) / count
        if is_first:
            timed.each *= CONTEXT * BATCH / (FIRST_CONTEXT * FIRST_BATCH)
        self.keep(loss)
        mean = sum(recent) / max(1, len(recent))
        self.stage.evaluate(timed.step, timed.get_seconds(), mean, loss, sample)

    def call_loop(self, optimizer, rates, context, batch, valid, report=None):
        """Train with the learner's loop, a step for each rate; return its history."""
        return train_loop(
            self.model,
            optimizer,
            self.train,
            valid,
            rates=rates,
            batch=batch,
            context=context,
            max_norm=MAX_NORM,
            evaluate_every=len(rates),
            seed=mix_seed(self.settings.seed, self.timed.step),
            report=report,
        )

    def write_sample(self):
        """Return a text that the model writes now."""
        start = encode_characters("\n", self.letters)[None]
        self.model.to("cpu")
        ids = generate(self.model, start, SAMPLE, CONTEXT, t=TEMPERATURE, seed=self.timed.step)
        self.model.to(self.device)
        return "".join(self.letters[int(number)] for number in ids[0]).strip()

    def keep(self, loss):
        """Keep the state for going on, and the best weights of all runs for writing."""
        weights = {name: w.cpu().clone() for name, w in self.model.state_dict().items()}
        if loss < self.timed.best:
            self.timed.best, self.best_weights = loss, weights
        if loss < self.kept:
            self.kept = loss
            letters = "".join(self.letters)
            self.stage.keep(self.name, {"weights": weights, "letters": letters, "loss": loss})
        state = {
            **self.timed.save(),
            "weights": weights,
            "best_weights": self.best_weights,
            "optimizer": self.stage.save_optimizer(self.optimizer),
            "settings": describe(self.settings),
        }
        self.stage.keep(f"{self.name}.running", state)

    def can_continue(self, running):
        """Return whether a run with the same settings was stopped before its end."""
        return (
            running is not None
            and running.get("settings") == describe(self.settings)
            and self.timed.can_continue(running)
        )

    def load(self, running):
        """Take over the state of a run that was stopped."""
        self.model.load_state_dict(running["weights"])
        self.stage.load_optimizer(self.optimizer, running["optimizer"])
        self.best_weights = running["best_weights"]
        self.timed.load(running)

    def measure_best(self):
        """Return the nats per character of the run's best model, and of a bigram model.

        Both are measured on all of the text that was not trained on.
        """
        self.model.load_state_dict(self.best_weights)
        loss = evaluate(self.model, self.valid, BATCH, CONTEXT)
        return loss, measure_bigram(self.train, self.valid, len(self.letters))


def build_model(settings, vocabulary):
    """Return a new model of the chosen kind, with its first random parameters."""
    torch.manual_seed(settings.seed)
    if settings.model == "llama":
        from exercises.model.llama import Llama

        # Two thirds of the GPT's hidden dimension: SwiGLU has three matrices in place of two.
        llama = Llama(vocabulary, WIDTH, LAYERS, HEADS, HEADS, 8 * WIDTH // 3)
        for weights in llama.parameters():
            if weights.dim() > 1:
                torch.nn.init.normal_(weights, 0.0, 0.02)
        return llama
    from exercises.model.gpt import GPT
    from exercises.model.initialise import initialise

    gpt = GPT(vocabulary, CONTEXT, WIDTH, LAYERS, HEADS)
    initialise(gpt, settings.seed)
    return gpt


def find_device(stage):
    """Return the device that was asked for; refuse one that is not there."""
    try:
        return torch.zeros(1, device=stage.settings.device).device
    except (RuntimeError, AssertionError) as error:
        stage.refuse(f"--device {stage.settings.device}: {str(error).splitlines()[0]}")


def name_model(settings):
    """Return the name under which a model is kept."""
    return f"shakespeare-{settings.model}"


def describe(settings):
    """Return the settings that two runs have to share for one to continue the other."""
    return {"model": settings.model, "minutes": settings.minutes, "seed": settings.seed}


def measure_bigram(train, valid, V):
    """Return the nats per character of a bigram model that was counted on ``train``."""
    counts = torch.bincount(train[:-1] * V + train[1:], minlength=V * V).view(V, V) + 1.0
    chances = (counts / counts.sum(dim=1, keepdim=True)).log()
    return float(-chances[valid[:-1], valid[1:]].mean())
