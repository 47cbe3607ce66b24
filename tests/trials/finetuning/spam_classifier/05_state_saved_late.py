# wrong: saves the global generator's state only after it has seeded it | violates: "PyTorch's global generator has the same state after the call as before."
"""A spam classifier: a small GPT learns from the subjects of e-mails which of them are spam."""

from collections.abc import Callable

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


class _Evaluating:
    """A block in which a module is in evaluation mode, and nothing records gradients."""

    def __init__(self, module: nn.Module):
        self.module = module
        self.no_grad = torch.no_grad()

    def __enter__(self) -> nn.Module:
        self.modes = {part: part.training for part in self.module.modules()}
        self.module.eval()
        self.no_grad.__enter__()
        return self.module

    def __exit__(self, *error: object) -> None:
        self.no_grad.__exit__(*error)
        for part, training in self.modes.items():
            part.training = training


def split_rows(
    rows: list[Row], valid: int, test: int, seed: int
) -> tuple[list[Row], list[Row], list[Row]]:
    """Divide rows at random into a part for training, one for validation and one for the test."""
    if valid + test >= len(rows):
        raise ValueError("no row is left for training")
    generator = torch.Generator()
    generator.manual_seed(seed)
    train_part, valid_part, test_part = [], [], []
    for place, index in enumerate(torch.randperm(len(rows), generator=generator).tolist()):
        if place < valid:
            valid_part.append(rows[index])
        elif place < valid + test:
            test_part.append(rows[index])
        else:
            train_part.append(rows[index])
    return train_part, valid_part, test_part


def encode_subjects(
    tokenizer: WordTokenizer, subjects: list[str], context: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the ids of subjects, each with END as its last token, and a mask of the real tokens."""
    rows = [list(tokenizer.encode(subject))[: context - 1] + [2] for subject in subjects]
    columns = max(map(len, rows))
    padded = [row + [0] * (columns - len(row)) for row in rows]
    real = [[True] * len(row) + [False] * (columns - len(row)) for row in rows]
    return torch.tensor(padded), torch.tensor(real)


def build_classifier(vocabulary: int, p: float, seed: int) -> Classifier:
    """Create a small classifier with random parameters, and with dropout."""
    torch.manual_seed(seed)
    before = torch.get_rng_state()
    network = GPT(vocabulary, CONTEXT, width=32, layers=1, heads=4)
    classifier = Classifier(network, 2)
    network.positions = nn.Sequential(network.positions, Dropout(p, seed))
    classifier.head = nn.Sequential(Dropout(p, (seed + 1) % 2**32), classifier.head)
    torch.set_rng_state(before)
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
    subjects = []
    for subject, _ in train:
        subjects.append(subject)
    text = END.join(subjects)
    tokenizer = WordTokenizer(text, VOCABULARY)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    ids, mask, labels = _encode_rows(tokenizer, train)
    valid_ids, valid_mask, valid_labels = _encode_rows(tokenizer, valid)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
    generator = torch.Generator().manual_seed(seed)
    epoch = 0

    def train_epoch() -> None:
        order = torch.randperm(len(train), generator=generator)
        for start in range(0, len(train), batch):
            rows = order[start : start + batch]
            logits = classifier(ids[rows], mask[rows])
            loss = nn.functional.cross_entropy(logits, labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def validate() -> float:
        nonlocal epoch
        epoch += 1
        loss, _ = measure(classifier, valid_ids, valid_mask, valid_labels, batch)
        if report is not None:
            report(epoch, loss)
        return loss

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def predict(tokenizer: WordTokenizer, classifier: Classifier, subjects: list[str]) -> torch.Tensor:
    """Return the probability that each subject is spam."""
    ids, mask = encode_subjects(tokenizer, subjects, CONTEXT)
    with _Evaluating(classifier) as judge:
        ham, spam = judge(ids, mask).unbind(dim=1)
        return torch.sigmoid(spam - ham)  # the softmax of two classes


def _encode_rows(
    tokenizer: WordTokenizer, rows: list[Row]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return ids, mask and labels of rows."""
    labels = torch.tensor([label for _, label in rows])
    return *encode_subjects(tokenizer, [subject for subject, _ in rows], CONTEXT), labels
