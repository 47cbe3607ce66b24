"""The milestone "Mine, small and tuned": the learner's Llama answers, tuned and in four bits.

The Llama of the milestone "It learnt to spell" is tuned by LoRA on pairs of speeches: what one
person says, and what the next one says. Then LoRA's matrices are merged into the weights, these are
quantized and packed, and the model answers from a KV cache. A token is a character.

A tenth of the scenes is held out. The first training has read most of them among all other text, so
the loss before tuning is, if anything, too low.
"""

import re
import time
from itertools import islice, pairwise

import torch
from torch import nn

from exercises.finetuning.masked_loss import masked_loss
from exercises.kv_cache.cache import Cache
from exercises.kv_cache.cached_generate import extend
from exercises.lora.inject import inject
from exercises.lora.merge import merge
from exercises.model.llama import Llama
from exercises.quantization.quantized_linear import QuantizedLinear
from exercises.sampling.temperature import temperature
from exercises.training.adamw import AdamW
from exercises.training.clip_gradients import clip_gradients
from exercises.training.warmup_cosine import warmup_cosine
from grader.milestones.characters import encode_characters, find_unknown, mix_seed
from grader.milestones.timed_run import TimedRun

BASE = "shakespeare-llama"
"""The name under which the milestone shakespeare keeps its Llama."""
LAYERS, WIDTH, HEADS = 4, 128, 4
"""As in shakespeare.py."""
HEADING = re.compile(r"(?<=\n\n)(?:[A-Z][A-Za-z ]{0,30}\.|[A-Z][A-Z ]{1,30})\n(?=.)")
"""Who speaks, on a line of its own: ``Ham.`` and ``OTHELLO.`` in most plays, ``HERMIA`` in one."""
BORDER = re.compile(
    r"^((?:SCENE|Scene) (?:[IVX]+|\d)\b.*|ACT .*|by William Shakespeare|THE END|(?:THE )?PROLOGUE.*"
    r"|EPILOGUE.*)$",
    re.MULTILINE,
)
"""A line with which a scene begins or ends."""
DIRECTION = re.compile(r"\[[^\]]*\]")
"""A stage direction: [Exit.] Four speeches have a bracket too few, and are left out."""
BRACKETS = frozenset("[]{}")
END = "\n\n"
"""What follows a speech. No speech has an empty line inside."""
ASKED, ANSWERED = 96, 128
"""Of the first speech of a pair the last characters are read; longer answers are left out."""
EVERY, FIRST_HELD = 10, 4
"""Of every ten scenes this one is held out."""
RANK, ALPHA = 16, 32.0
PEAK, WARMUP, FLOOR = 2e-3, 40, 1e-4
BETAS, MAX_NORM = (0.9, 0.99), 1.0
BATCH, SORTED = 16, 8
"""So many batches are drawn at a time and sorted by length, so that there is little padding."""
TIMED = 3
"""Steps that are taken with a learning rate of 0, to see how long one takes."""
EVALUATIONS, SHORTEST = 20, 7.5
"""Evaluations are no closer together than so many seconds."""
PART = 64
"""While it trains, the model is measured on so many of the pairs that are held out."""
SAMPLED = ("What, is Horatio there?", "Who's there?")
TEMPERATURE = 0.7
ROUNDS, WRITTEN = 3, 96
"""Speed is measured on so many characters, so many times; the best time counts."""


def run(stage):
    """Tune for as long as was asked for, or go on where an earlier run was stopped; then pack."""
    if stage.settings.device != "cpu":
        stage.refuse("this milestone runs on the CPU: leave out --device")
    base = stage.recall(BASE)
    if base is None:
        stage.refuse(
            "it tunes a Llama that you have trained, and there is none yet: "
            "grade milestone shakespeare --model llama trains one in 10 minutes."
        )
    tuning = Tuning(stage, base)
    tuning.begin()
    while tuning.timed.has_time():
        tuning.train_stretch()
    finish(stage, tuning, base)


def write(stage):
    """Answer what the learner says."""
    kept = stage.recall("mine")
    if kept is None:
        stage.refuse("no model is tuned yet: grade milestone mine")
    letters = list(kept["letters"])
    model = build_llama(len(letters))
    quantize(model)
    model.load_state_dict(kept["state"])
    text = stage.settings.text
    if not text:
        stage.refuse('say something to it: grade talk --model mine "Who\'s there?"')
    unknown = find_unknown(text, letters)
    if unknown:
        stage.refuse(f"the model knows no {' '.join(unknown)}: it has seen {''.join(letters[1:])}")
    stage.name_parts()
    for piece in answer(model, text, letters, stage.settings.tokens, stage.settings.seed):
        stage.write(piece)


class Tuning:
    """A Llama with LoRA, how far its tuning has come, and what is kept of it."""

    def __init__(self, stage, base):
        self.stage, self.settings = stage, stage.settings
        self.letters = list(base["letters"])
        text = (stage.data / "shakespeare.txt").read_text("utf-8")
        learned, held = cut_pairs(text)
        self.learned = [encode_pair(pair, self.letters) for pair in learned]
        self.held = sorted((encode_pair(pair, self.letters) for pair in held), key=count_ids)
        self.part = self.held[:: max(1, len(self.held) // PART)]
        self.base = base["loss"]  # a kept Llama is replaced only by one with a lower loss
        self.model = build_llama(len(self.letters))
        self.model.load_state_dict(base["weights"])
        self.untuned = measure_loss(self.model, self.part)
        torch.manual_seed(self.settings.seed)
        inject(self.model, list_linear(self.model), RANK, ALPHA)
        self.trained = {n: w for n, w in self.model.named_parameters() if w.requires_grad}
        # Without weight decay: B A is to become what the pairs need, and is small already.
        self.optimizer = AdamW(self.trained.values(), lr=PEAK, betas=BETAS, weight_decay=0.0)
        self.best_matrices = {}
        self.timed = TimedRun(self.settings.minutes)

    def begin(self):
        """Go on where a run was stopped, or see how long a step takes."""
        stage = self.stage
        stage.say(
            f"{len(self.learned):,} pairs of speeches to learn from, and {len(self.held)} of "
            "scenes that are held out."
        )
        stage.measure("untuned", self.untuned)
        running = None if self.settings.fresh else stage.recall("mine.running")
        if running is not None and running.get("settings") == self.describe():
            self.load(running)
            stage.resume(self.timed.step)
            stage.say(f"Continuing after step {self.timed.step:,}.")
            return
        count = sum(weights.numel() for weights in self.trained.values())
        whole = sum(weights.numel() for weights in self.model.parameters()) - count
        stage.say(
            f"{count:,} numbers of LoRA learn for {self.settings.minutes:g} minutes, {whole:,} of "
            "the model are frozen."
        )
        began = self.timed.get_seconds()
        for _ in range(TIMED):
            self.take_step(0.0, self.learned[:BATCH])
        each = (self.timed.get_seconds() - began) / TIMED
        # What these steps have noted of the gradients is forgotten.
        self.optimizer = AdamW(self.trained.values(), lr=PEAK, betas=BETAS, weight_decay=0.0)
        self.timed.start(each)

    def train_stretch(self):
        """Train until the next evaluation; keep the state, and report it with a sample."""
        timed, began, before = self.timed, self.timed.get_seconds(), self.timed.step
        count, total = timed.plan_stretch(max(SHORTEST, timed.budget / EVALUATIONS))
        batches = draw_batches(self.learned, mix_seed(self.settings.seed, before))
        losses, read = [], 0
        for chats in islice(batches, count):
            rate = warmup_cosine(timed.step, PEAK, min(WARMUP, total), total, FLOOR)
            losses.append(self.take_step(rate, chats))
            read += sum(map(count_ids, chats))
            timed.step += 1
            speed = read / (timed.get_seconds() - began)
            self.stage.report(timed.step, total, losses[-1], speed, timed.get_seconds_left())
        loss = measure_loss(self.model, self.part)
        sample = self.write_sample()
        timed.each = (timed.get_seconds() - began) / count
        self.keep(loss)
        recent = losses[-50:]
        self.stage.evaluate(
            timed.step, timed.get_seconds(), sum(recent) / len(recent), loss, sample
        )

    def take_step(self, rate, chats):
        """Learn from some pairs; return their loss."""
        self.optimizer.zero_grad()
        loss = masked_loss(self.model, chats, pad=0)
        loss.backward()
        clip_gradients(self.trained.values(), MAX_NORM)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        return loss.item()

    def write_sample(self):
        """Return what the model answers now."""
        lines = []
        for said in SAMPLED:
            words = "".join(answer(self.model, said, self.letters, ANSWERED, self.settings.seed))
            lines += [f"- {said}", *(f"  {line}" for line in words.strip().splitlines()), ""]
        return "\n".join(lines).strip()

    def keep(self, loss):
        """Keep the state for going on, and the best matrices of this run."""
        matrices = {name: w.detach().clone() for name, w in self.trained.items()}
        if loss < self.timed.best:
            self.timed.best, self.best_matrices = loss, matrices
        state = {
            **self.timed.save(),
            "matrices": matrices,
            "best_matrices": self.best_matrices,
            "optimizer": self.stage.save_optimizer(self.optimizer),
            "settings": self.describe(),
        }
        self.stage.keep("mine.running", state)

    def load(self, running):
        """Take over the state of a run that was stopped."""
        self.put(running["matrices"])
        self.stage.load_optimizer(self.optimizer, running["optimizer"])
        self.best_matrices = running["best_matrices"]
        self.timed.load(running)

    def put(self, matrices):
        """Give LoRA these matrices."""
        self.model.load_state_dict({**self.model.state_dict(), **matrices})

    def describe(self):
        """Return what two runs have to share for one to continue the other."""
        return {"minutes": self.settings.minutes, "seed": self.settings.seed, "base": self.base}


def finish(stage, tuning, base):
    """Merge, quantize and pack the best model of a run; measure it beside the untuned one."""
    letters, held = tuning.letters, tuning.held
    stage.say(f"Measuring on all {len(held)} pairs that are held out.")
    untuned, packed = build_llama(len(letters)), tuning.model
    untuned.load_state_dict(base["weights"])
    before = measure_loss(untuned, held)
    stage.measure("loss before: untuned", before)
    tuning.put(tuning.best_matrices)
    merge(packed, ALPHA)
    stage.measure("loss of the tuned model in float32", measure_loss(packed, held))
    quantize(packed)
    after = measure_loss(Served(packed), held)
    stage.measure("loss after: tuned, in four bits, from the cache", after)
    large, small = measure_size(untuned), measure_size(packed)
    stage.measure("megabytes before: float32", large)
    stage.measure("megabytes after: four bits, two to a byte", small)
    for name, speed in measure_speeds(untuned, packed, letters).items():
        stage.measure(f"tokens per second {name}", speed)
    is_better = keep_best(stage, packed, letters, after)
    # Nothing is left to continue. A run that is killed before this line comes back to it.
    stage.keep("mine.running", {})
    says = (
        f"{after:.3f} nats per character of the answers in scenes that are held out, {before:.3f} "
        f"before tuning; {small:.3f} MB, {large:.3f} before."
    )
    if after >= before:
        says += " It needs more time: --minutes says how much."
    elif not is_better:
        says += " The model of an earlier run, which is better, is kept for grade talk."
    stage.reach(after < before and small < large, says)


def keep_best(stage, model, letters, loss):
    """Keep a model for grade talk; return False where a better one is kept already."""
    kept = None if stage.settings.fresh else stage.recall("mine")
    if kept is not None and kept["loss"] <= loss:
        return False
    stage.keep("mine", {"state": model.state_dict(), "letters": "".join(letters), "loss": loss})
    return True


class Served(nn.Module):
    """A Llama that reads whole sequences through a KV cache."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids):
        """Return the logits for the token after each of ``ids``."""
        return extend(self.model, ids, make_cache(*ids.shape))


def answer(model, said, letters, tokens, seed):
    """Yield the model's answer, character by character, from a KV cache."""
    random = torch.Generator().manual_seed(mix_seed(seed, 0))
    ids = encode_characters(shorten(said) + END, letters)
    cache = make_cache(1, len(ids) + tokens)
    logits = extend(model, ids[None], cache)[0, -1]
    ended = ""
    for _ in range(tokens):
        token = torch.multinomial(temperature(logits, TEMPERATURE), 1, generator=random)
        letter = letters[int(token)]
        # A line's end is held back until it is known not to be the first half of the speech's.
        if letter != "\n":
            yield ended + letter
            ended = ""
        elif ended:
            return
        else:
            ended = letter
        logits = extend(model, token[None], cache)[0, -1]


def measure_loss(model, chats):
    """Return the nats per character of the answers."""
    total, count = 0.0, 0
    with torch.no_grad():
        for start in range(0, len(chats), BATCH):
            batch = chats[start : start + BATCH]
            answers = sum(sum(learn[1:]) for _, learn in batch)
            total += float(masked_loss(model, batch, pad=0)) * answers
            count += answers
    return total / count


def measure_size(model):
    """Return the megabytes of all tensors that a model's file has."""
    return sum(part.numel() * part.element_size() for part in model.state_dict().values()) / 1e6


def measure_speeds(untuned, tuned, letters):
    """Return the characters per second of both models; in each round all are timed in turn."""
    prompt = encode_characters(SAMPLED[0] + END, letters)[None]
    best = {}
    for _ in range(ROUNDS):
        for name, model, cached in (
            ("before: float32, all computed again", untuned, False),
            ("before: float32, from the cache", untuned, True),
            ("after: four bits, from the cache", tuned, True),
        ):
            began = time.perf_counter()
            write_likeliest(model, prompt, cached)
            speed = WRITTEN / (time.perf_counter() - began)
            best[name] = max(speed, best.get(name, 0.0))
    return best


def write_likeliest(model, ids, cached):
    """Write the most probable characters, from a cache or without one."""
    cache, new = make_cache(1, ids.shape[1] + WRITTEN), ids
    with torch.no_grad():
        for _ in range(WRITTEN):
            logits = extend(model, new, cache) if cached else model(ids)
            new = logits[:, -1:].argmax(dim=-1)
            ids = torch.cat([ids, new], dim=1)


def build_llama(vocabulary):
    """Return a Llama of the size of the one that was trained."""
    return Llama(vocabulary, WIDTH, LAYERS, HEADS, HEADS, 8 * WIDTH // 3)


def make_cache(batch, context):
    """Return an empty cache for such a Llama."""
    return Cache(LAYERS, batch, HEADS, context, WIDTH // HEADS)


def list_linear(model):
    """Return the paths of all linear layers."""
    return [path for path, part in model.named_modules() if isinstance(part, nn.Linear)]


def quantize(model):
    """Replace all linear layers by quantized ones."""
    for path in list_linear(model):
        parent, _, name = path.rpartition(".")
        setattr(model.get_submodule(parent), name, QuantizedLinear(model.get_submodule(path)))


def cut_pairs(text):
    """Return the pairs of a speech and the next one: those to learn from, and those held out."""
    cut = BORDER.split(text)
    scenes = [
        body
        for head, body in zip(cut[1::2], cut[2::2], strict=True)
        if head.lower().startswith("scene")
    ]
    pairs = [], []
    for number, scene in enumerate(scenes):
        is_held = number % EVERY == FIRST_HELD
        speeches = [clean(speech) for speech in HEADING.split(scene)[1:]]
        speeches = [speech for speech in speeches if speech]
        pairs[is_held].extend(
            (shorten(said), answer)
            for said, answer in pairwise(speeches)
            if len(answer) <= ANSWERED and not BRACKETS & {*said, *answer}
        )
    return pairs


def clean(speech):
    """Return a speech without stage directions, empty lines, and spaces around a line."""
    lines = (line.strip() for line in DIRECTION.sub("", speech).splitlines())
    return "\n".join(line for line in lines if line)


def shorten(said):
    """Return the end of a text, from the beginning of a word, as long as the model reads it."""
    if len(said) <= ASKED:
        return said
    end = said[-ASKED - 1 :]
    if not end[0].isspace():
        end = end.split(maxsplit=1)[-1][-ASKED:]
    return end.strip()


def draw_batches(chats, seed):
    """Yield batches of pairs, for ever; those of a batch have about the same length."""
    random = torch.Generator().manual_seed(seed)
    while True:
        drawn = torch.randint(len(chats), (BATCH * SORTED,), generator=random).tolist()
        batches = sorted((chats[number] for number in drawn), key=count_ids)
        for number in torch.randperm(SORTED, generator=random).tolist():
            yield batches[number * BATCH : (number + 1) * BATCH]


def encode_pair(pair, letters):
    """Return the ids of a pair, and which of them are learned: the answer and its end."""
    said, answer = (encode_characters(text + END, letters).tolist() for text in pair)
    return said + answer, [False] * len(said) + [True] * len(answer)


def count_ids(chat):
    """Return how many ids a pair has."""
    return len(chat[0])
