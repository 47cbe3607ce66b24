"""The milestone "Spam or not": a classifier of the learner's reads the subjects of e-mails.

Beside it stands a bag of words, which counts and knows no order. With ``--base smollm2`` the open
model learns the same from the same rows, by the learner's LoRA.
"""

import math
import re
import time
from collections import Counter
from itertools import islice

import torch
from torch import nn

from exercises.finetuning.early_stopping import measure
from exercises.finetuning.spam_classifier import (
    END,
    VOCABULARY,
    build_classifier,
    predict,
    split_rows,
    train_classifier,
)
from exercises.tokenizer.word_tokenizer import WordTokenizer
from grader.milestones.characters import mix_seed
from grader.milestones.timed_run import TimedRun

VALID, TEST = 341, 683
SPLIT = 0
"""The seed of the division, the same for every run: all are measured on the same rows."""
P, RATE, BATCH, EPOCHS, PATIENCE = 0.2, 5e-3, 64, 4, 1
ALLOWED = 0.05
"""So much lower than that of the bag of words the share of right verdicts may be."""
WORD = re.compile(r"\w+|[$!?%#]")
"""What the bag of words counts."""
SHOWN = 3
"""Verdicts on so many subjects of the test are shown."""
MOST = 4
"""As many words that weighed are named on each side."""
LEAST = 0.05
"""A word that weighs less is not named."""
RANK, ALPHA = 8, 16.0
TARGETS = ["query", "value"]
PEAK, WARMUP, FLOOR = 1e-3, 10, 1e-4
OPEN_BATCH, LONGEST = 16, 48
PART = 64
"""While the open model is tuned, it is measured on so many rows of the validation part."""
EVALUATIONS, SHORTEST = 8, 7.5
"""Evaluations are no closer together than so many seconds."""
MAX_NORM = 1.0


def run(stage):
    """Train, measure on rows that nothing was trained on, and show some verdicts."""
    if stage.settings.device != "cpu":
        stage.refuse("this milestone runs on the CPU: leave out --device")
    train, valid, test = split_rows(read_rows(stage), VALID, TEST, SPLIT)
    stage.say(f"{len(train):,} subjects to learn from, {len(test)} that decide in the end.")
    ham = sum(label == 0 for _, label in test) / len(test)
    stage.measure("right without reading: ham every time", ham)
    bag = BagOfWords(train)
    due = count_right([bag.judge(subject) for subject, _ in test], test)
    stage.measure("right by a bag of words", due)
    judge = tune_open(stage, train, valid) if is_open(stage) else train_own(stage, train, valid)
    stage.name_parts()
    chances = judge([subject for subject, _ in test])
    right = count_right(chances, test)
    stage.measure("right by your classifier", right)
    margin = math.sqrt(right * (1 - right) / len(test))
    for subject, label in test[:SHOWN]:
        stage.write(f"\n{subject}  (it is {name_label(label)})\n{explain(judge, bag, subject)}")
    says = (
        f"{right:.1%} of {len(test)} subjects that it was not trained on are right, give or take "
        f"{margin:.1%}; a bag of words has {due:.1%}."
    )
    if right < due - ALLOWED:
        says += f" The milestone asks for at most {ALLOWED:.0%} less."
    stage.reach(right >= due - ALLOWED, says)


def write(stage):
    """Say what the classifier makes of a subject, and which words weighed."""
    text = stage.settings.text
    if not text.strip():
        stage.refuse('give it a subject: grade talk --model spam "Make money from home"')
    judge = recall_open(stage) if is_open(stage) else recall_own(stage)
    train, _, _ = split_rows(read_rows(stage), VALID, TEST, SPLIT)
    stage.write(explain(judge, BagOfWords(train), text))


def train_own(stage, train, valid):
    """Train the small classifier, which takes seconds; keep it, and return what judges with it."""
    subjects = END.join(subject for subject, _ in train)
    tokens = len(train) + sum(map(len, WordTokenizer(subjects, VOCABULARY).batch([subjects])))
    began = time.monotonic()

    def report(epoch, loss):
        passed = time.monotonic() - began
        left = passed / epoch * (EPOCHS - epoch)
        stage.report(epoch, EPOCHS, loss, tokens * epoch / passed, left)

    settings = {"p": P, "rate": RATE, "batch": BATCH, "epochs": EPOCHS, "patience": PATIENCE}
    tokenizer, classifier = train_classifier(
        train, valid, **settings, seed=stage.settings.seed, report=report
    )
    stage.keep("spam", {"subjects": subjects, "state": classifier.state_dict()})
    return lambda subjects: predict(tokenizer, classifier, subjects).tolist()


def recall_own(stage):
    """Return what judges with the classifier that was trained."""
    kept = stage.recall("spam")
    if kept is None:
        stage.refuse("no classifier is trained yet: grade milestone spam")
    # The vocabulary is made again from the same subjects.
    tokenizer = WordTokenizer(kept["subjects"], VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), P, 0)
    classifier.load_state_dict(kept["state"])
    return lambda subjects: predict(tokenizer, classifier, subjects).tolist()


def tune_open(stage, train, valid):
    """Tune SmolLM2 for as long as was asked for, or go on; return what judges with it."""
    tuning = OpenTuning(stage, train, valid)
    tuning.begin()
    while tuning.timed.has_time():
        tuning.train_stretch()
    tuning.put(tuning.best_matrices)
    stage.keep("spam-smollm2", {"matrices": tuning.best_matrices})
    stage.keep("spam-smollm2.running", {})
    return tuning.judge


def recall_open(stage):
    """Return what judges with the open model that was tuned."""
    kept = stage.recall("spam-smollm2")
    if kept is None:
        stage.refuse("the open model is not tuned yet: grade milestone spam --base smollm2")
    tuning = OpenTuning(stage, [], [])
    tuning.put(kept["matrices"])
    return tuning.judge


class OpenTuning:
    """The open model with LoRA and a head, how far its tuning has come, and what is kept of it."""

    def __init__(self, stage, train, valid):
        from exercises.finetuning.classifier_head import Classifier
        from exercises.lora.inject import inject
        from exercises.model.load_llama import load_llama
        from exercises.training.adamw import AdamW

        file = stage.open_model()
        if file is None:
            stage.refuse("SmolLM2 is not downloaded yet: grade fetch smollm2")
        self.stage, self.settings = stage, stage.settings
        self.tokenizer = file.read_tokenizer()
        self.end = self.tokenizer.look_up("<|im_end|>")
        of = file.read_settings()
        llama = load_llama(file.read_tensors(), of.heads, of.kv_heads, of.base, of.eps)
        # The classifier is written for a GPT, which adds position embeddings; RoPE needs none.
        llama.positions = nn.Identity()
        torch.manual_seed(self.settings.seed)
        self.model = Classifier(llama, 2)
        inject(self.model, TARGETS, RANK, ALPHA)
        self.model.head.requires_grad_(True)
        self.trained = {n: w for n, w in self.model.named_parameters() if w.requires_grad}
        self.optimizer = AdamW(self.trained.values(), lr=PEAK, betas=(0.9, 0.99), weight_decay=0.0)
        self.train, self.part = train, valid[:PART]
        self.best_matrices = {}
        self.timed = TimedRun(self.settings.minutes)

    def begin(self):
        """Go on where a run was stopped, or see how long a step takes."""
        running = None if self.settings.fresh else self.stage.recall("spam-smollm2.running")
        if running is not None and running.get("settings") == self.describe():
            self.put(running["matrices"])
            self.stage.load_optimizer(self.optimizer, running["optimizer"])
            self.best_matrices = running["best_matrices"]
            self.timed.load(running)
            self.stage.resume(self.timed.step)
            self.stage.say(f"Continuing after step {self.timed.step:,}.")
            return
        count = sum(weights.numel() for weights in self.trained.values())
        whole = sum(weights.numel() for weights in self.model.parameters()) - count
        self.stage.say(
            f"{count:,} numbers learn for {self.settings.minutes:g} minutes, {whole:,} of the "
            "model are frozen."
        )
        began = self.timed.get_seconds()
        self.compute_loss(self.train[:OPEN_BATCH]).backward()
        self.timed.start(self.timed.get_seconds() - began)

    def train_stretch(self):
        """Train until the next evaluation, and keep the state."""
        from exercises.training.clip_gradients import clip_gradients
        from exercises.training.warmup_cosine import warmup_cosine

        timed, began, before, read = self.timed, self.timed.get_seconds(), self.timed.step, 0
        count, total = timed.plan_stretch(max(SHORTEST, timed.budget / EVALUATIONS))
        for rows in islice(draw_batches(self.train, self.settings.seed, before), count):
            self.optimizer.zero_grad()
            loss = self.compute_loss(rows)
            loss.backward()
            clip_gradients(self.trained.values(), MAX_NORM)
            for group in self.optimizer.param_groups:
                group["lr"] = warmup_cosine(timed.step, PEAK, min(WARMUP, total), total, FLOOR)
            self.optimizer.step()
            timed.step += 1
            read += int(self.encode([subject for subject, _ in rows])[1].sum())
            speed = read / (timed.get_seconds() - began)
            self.stage.report(timed.step, total, loss.item(), speed, timed.get_seconds_left())
        labels = torch.tensor([label for _, label in self.part])
        ids, mask = self.encode([subject for subject, _ in self.part])
        valid, right = measure(self.model, ids, mask, labels, OPEN_BATCH)
        timed.each = (timed.get_seconds() - began) / count
        self.keep(valid)
        self.stage.say(
            f"step {timed.step:,}: a loss of {valid:.3f} nats per subject, and {right:.1%} right, "
            f"on {len(self.part)} subjects of the validation part"
        )

    def compute_loss(self, rows):
        """Return the loss of some rows."""
        from exercises.training.cross_entropy import cross_entropy

        logits = self.model(*self.encode([subject for subject, _ in rows]))
        return cross_entropy(logits, torch.tensor([label for _, label in rows]))

    def encode(self, subjects):
        """Return ids and mask: each subject's tokens, and the token that ends a message."""
        from exercises.data.padded_batch import padded_batch

        encode = self.tokenizer.encode
        return padded_batch([[*encode(one)[: LONGEST - 1], self.end] for one in subjects], 0)

    def judge(self, subjects):
        """Return the probability of spam of each subject."""
        chances = []
        with torch.no_grad():
            for start in range(0, len(subjects), OPEN_BATCH):
                logits = self.model(*self.encode(subjects[start : start + OPEN_BATCH]))
                chances += logits.softmax(dim=1)[:, 1].tolist()
        return chances

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
        self.stage.keep("spam-smollm2.running", state)

    def put(self, matrices):
        """Give LoRA and the head these numbers."""
        self.model.load_state_dict(matrices, strict=False)

    def describe(self):
        """Return what two runs have to share for one to continue the other."""
        return {"minutes": self.settings.minutes, "seed": self.settings.seed}


class BagOfWords:
    """Naive Bayes: how often each word occurs in spam and in ham, whatever stands beside it."""

    def __init__(self, rows):
        """Count the words of rows."""
        self.counts = Counter(), Counter()
        self.rows = [0, 0]
        for subject, label in rows:
            self.counts[label].update(find_words(subject))
            self.rows[label] += 1

    def judge(self, subject):
        """Return the probability of spam."""
        score = math.log(self.rows[1] / self.rows[0])
        known = len(self.counts[0] | self.counts[1])
        ham, spam = (sum(counts.values()) + known for counts in self.counts)
        for word in find_words(subject):
            score += math.log((self.counts[1][word] + 1) / spam)
            score -= math.log((self.counts[0][word] + 1) / ham)
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


def explain(judge, bag, subject):
    """Return the verdict on a subject, the words that weighed, and what the bag of words says.

    A word weighs as much as the log-odds of spam change when it is left out.
    """
    words = subject.split()
    others = [" ".join(words[:i] + words[i + 1 :]) for i in range(len(words))]
    chance, *without = judge([subject, *others])
    pairs = zip(without, words, strict=True)
    weights = [(compute_odds(chance) - compute_odds(other), word) for other, word in pairs]
    spam = [one for one in sorted(weights, reverse=True) if one[0] >= LEAST][:MOST]
    ham = [one for one in sorted(weights) if one[0] <= -LEAST][:MOST]
    lines = [f"{name_label(chance >= 0.5)}, {max(chance, 1 - chance):.1%} sure"]
    for name, found in (("spam", spam), ("ham", ham)):
        if found:
            told = ", ".join(f"{word} ({weight:+.1f})" for weight, word in found)
            lines.append(f"  weighed towards {name}: {told}")
    if not spam and not ham:
        lines.append("  no single word weighed: without it the others say the same")
    other = bag.judge(subject)
    lines.append(f"  a bag of words: {name_label(other >= 0.5)}, {max(other, 1 - other):.1%} sure")
    return "\n".join(lines) + "\n"


def compute_odds(chance):
    """Return the log-odds of a probability, which stays finite."""
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(chance / (1 - chance))


def read_rows(stage):
    """Return the subjects with their labels, 1 for spam."""
    lines = (stage.data / "spam_subjects.tsv").read_text("utf-8").splitlines()[1:]
    cut = (line.partition("\t") for line in lines)
    return [(subject, int(label == "spam")) for label, _, subject in cut]


def draw_batches(rows, seed, step):
    """Yield batches of rows, for ever, from this step on."""
    random = torch.Generator().manual_seed(mix_seed(seed, step))
    while True:
        chosen = torch.randint(len(rows), (OPEN_BATCH,), generator=random)
        yield [rows[number] for number in chosen.tolist()]


def find_words(subject):
    """Return the words of a subject, each once."""
    return set(WORD.findall(subject.lower()))


def count_right(chances, rows):
    """Return the share of rows whose label has the larger probability."""
    pairs = zip(chances, rows, strict=True)
    return sum((chance >= 0.5) == label for chance, (_, label) in pairs) / len(rows)


def name_label(label):
    """Return the word for a label."""
    return "spam" if label else "ham"


def is_open(stage):
    """Return whether the open model is tuned, and not a small one of the learner's trained."""
    return stage.settings.model == "smollm2"
