"""Whole tensors, and Python's generator: parts of a shuffled copy are cut off."""

import random

import torch
from torch import nn
from torch.nn import functional

from exercises.data.padded_batch import padded_batch
from exercises.finetuning.classifier_head import Classifier
from exercises.finetuning.early_stopping import measure, train_best
from exercises.model.gpt import GPT
from exercises.tokenizer.word_tokenizer import WordTokenizer
from exercises.training.dropout import Dropout


def split_rows(rows, valid, test, seed):
    """Shuffle a copy by Python's generator."""
    rows = list(rows)
    size = len(rows) - valid - test
    if size < 1:
        raise ValueError("nothing is left")
    random.Random(seed).shuffle(rows)
    return rows[:size], rows[size : size + valid], rows[size + valid :]


def encode_subjects(tokenizer, subjects, context):
    """Cut after encoding."""
    texts = []
    for subject in subjects:
        ids = tokenizer.encode(subject)
        del ids[context - 1 :]
        texts.append([*ids, 2])
    return padded_batch(texts, pad=0)


def build_classifier(vocabulary, p, seed):
    """Put the state of the generator back by hand."""
    state = torch.get_rng_state()
    torch.manual_seed(seed)
    gpt = GPT(vocabulary, 32, 32, 1, 4)
    whole = Classifier(gpt, 2)
    torch.set_rng_state(state)
    places, dropped = random.Random(seed).sample(range(2**32), 2)
    gpt.positions = nn.Sequential(gpt.positions, Dropout(p, places))
    whole.head = nn.Sequential(Dropout(p, dropped), whole.head)
    return whole


def train_classifier(train, valid, *, p, rate, batch, epochs, patience, seed, report=None):
    """Shuffle by Python's generator."""
    tokenizer = WordTokenizer("<|endoftext|>".join(text for text, _ in train), 2000)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    data = [_tabulate(tokenizer, part) for part in (train, valid)]
    adamw = torch.optim.AdamW(classifier.parameters(), rate)
    order, draw, losses = list(range(len(train))), random.Random(seed), []

    def epoch():
        draw.shuffle(order)
        for start in range(0, len(order), batch):
            ids, mask, labels = (part[order[start : start + batch]] for part in data[0])
            adamw.zero_grad()
            functional.cross_entropy(classifier(ids, mask), labels).backward()
            adamw.step()

    def check():
        losses.append(measure(classifier, *data[1], 64)[0])
        if report:
            report(len(losses), losses[-1])
        return losses[-1]

    train_best(classifier, epoch, check, epochs, patience)
    return tokenizer, classifier


def _tabulate(tokenizer, rows):
    texts, labels = zip(*rows, strict=True)
    return (*encode_subjects(tokenizer, texts, 32), torch.tensor(labels))


def predict(tokenizer, classifier, subjects):
    """Return the sigmoid of the difference of the logits."""
    mode = classifier.training
    with torch.no_grad():
        logits = classifier.eval()(*encode_subjects(tokenizer, subjects, 32))
    classifier.train(mode)
    return torch.sigmoid(logits[:, 1] - logits[:, 0])
