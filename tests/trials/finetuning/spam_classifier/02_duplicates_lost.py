# wrong: train is 'the rows that are not in valid or test', so equal rows (duplicates) of held-out ones vanish | violates: "Each row is in exactly one part."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

from collections.abc import Callable
from itertools import count

import torch
from torch import nn

from exercises.finetuning.classifier_head import Classifier
from exercises.finetuning.early_stopping import measure, train_best
from exercises.model.gpt import GPT
from exercises.tokenizer.word_tokenizer import WordTokenizer
from exercises.training.dropout import Dropout

END = "<|endoftext|>"
CONTEXT = 32
"""The context length: the largest number of tokens of a subject, its END included."""
VOCABULARY = 2000
"""The largest size of the vocabulary."""
Row = tuple[str, int]
"""A subject and its label: 1 for spam, 0 for an e-mail that was wanted ("ham")."""


class _Seeded:
    """A block in which PyTorch's global generator starts from a seed; afterwards it is as before."""

    def __init__(self, seed: int):
        self.seed = seed

    def __enter__(self) -> "_Seeded":
        self.before = torch.get_rng_state()
        torch.default_generator.manual_seed(self.seed)
        return self

    def __exit__(self, *error: object) -> None:
        torch.set_rng_state(self.before)


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    """Divide rows at random into a part for training, one for validation and one for the test."""
    if valid + test >= len(rows):
        raise ValueError("valid + test must be less than the number of rows")
    rng = torch.Generator().manual_seed(seed)
    picked = torch.randperm(len(rows), generator=rng)[: valid + test].tolist()
    for_valid = [rows[i] for i in picked[:valid]]
    for_test = [rows[i] for i in picked[valid:]]
    held_out = set(for_valid) | set(for_test)
    return [row for row in rows if row not in held_out], for_valid, for_test


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the ids of subjects, each with END as its last token, and a mask of the real tokens."""
    rows = [torch.tensor([*tokenizer.encode(s)[: context - 1], 2]) for s in subjects]
    ids = nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=0)
    lengths = torch.tensor([len(row) for row in rows])
    return ids, torch.arange(ids.shape[1]) < lengths[:, None]


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    """Create a small classifier with random parameters, and with dropout."""
    with _Seeded(seed):
        classifier = Classifier(GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4), 2)
    gpt = classifier.model
    gpt.positions = nn.Sequential(gpt.positions, Dropout(p, seed))
    classifier.head = nn.Sequential(Dropout(p, 2**32 - 1 - seed), classifier.head)
    return classifier.train()


def train_classifier(
    train: list[Row],
    valid: list[Row],
    *,
    p: float,
    rate: float,
    batch: int,
    epochs: int,
    patience: int,
    seed: int,
    report: Callable[[int, float], object] | None = None,
) -> tuple[WordTokenizer, Classifier]:
    """Train a spam classifier, and return it with its tokenizer."""
    text = END.join(subject for subject, _ in train)
    tokenizer = WordTokenizer(text, VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    data = _encode_rows(tokenizer, train)
    held_out = _encode_rows(tokenizer, valid)
    adamw = torch.optim.AdamW(classifier.parameters(), lr=rate, weight_decay=0.0)
    shuffle = torch.Generator().manual_seed(seed)
    number = count(1)

    def train_epoch() -> None:
        order = torch.randperm(len(train), generator=shuffle)
        shuffled = (tensor[order].split(batch) for tensor in data)
        for ids, mask, labels in zip(*shuffled, strict=True):
            logits = classifier(ids, mask)
            losses = logits.logsumexp(dim=1) - logits.gather(1, labels[:, None])[:, 0]
            adamw.zero_grad()
            losses.mean().backward()
            adamw.step()

    def validate() -> float:
        loss = measure(classifier, *held_out, batch)[0]
        if report is not None:
            report(next(number), loss)
        return loss

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    """Return the probability that each subject is spam."""
    ids, mask = encode_subjects(tokenizer, subjects, CONTEXT)
    modes = []
    for module in classifier.modules():
        modes.append((module, module.training))
    classifier.eval()
    with torch.no_grad():
        logits = classifier(ids, mask)
    for module, training in modes:
        module.training = training
    probabilities = torch.empty(len(subjects), dtype=torch.float32)
    for row in range(len(subjects)):
        probabilities[row] = torch.softmax(logits[row], dim=0)[1]
    return probabilities


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
