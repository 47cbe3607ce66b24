"""Library classes: a loader shuffles, and texts are classified one by one."""

import torch
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset, random_split

from exercises.finetuning.classifier_head import Classifier
from exercises.finetuning.early_stopping import measure, train_best
from exercises.model.gpt import GPT
from exercises.tokenizer.word_tokenizer import END, WordTokenizer
from exercises.training.dropout import Dropout


def split_rows(rows, valid, test, seed):
    """Let the library divide."""
    sizes = [len(rows) - valid - test, valid, test]
    if sizes[0] <= 0:
        raise ValueError("no row for training")
    parts = random_split(rows, sizes, generator=torch.Generator().manual_seed(seed))
    return tuple(list(part) if isinstance(part, Subset) else part for part in parts)


def encode_subjects(tokenizer, subjects, context):
    """Fill the two tensors row by row."""
    lengths = [min(len(tokenizer.encode(subject)), context - 1) + 1 for subject in subjects]
    ids = torch.zeros(len(subjects), max(lengths), dtype=torch.int64)
    mask = torch.zeros_like(ids, dtype=torch.bool)
    for row, (subject, length) in enumerate(zip(subjects, lengths, strict=True)):
        ids[row, :length] = torch.tensor([*tokenizer.encode(subject)[: length - 1], 2])
        mask[row, :length] = True
    return ids, mask


def build_classifier(vocabulary, p, seed):
    """Both dropouts have a seed that is made from the classifier's."""
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        model = GPT(vocabulary, context=32, width=32, layers=1, heads=4)
        classifier = Classifier(model, classes=2)
    model.positions = nn.Sequential(model.positions, Dropout(p, (7 * seed + 1) % 2**32))
    classifier.head = nn.Sequential(Dropout(p, (7 * seed + 3) % 2**32), classifier.head)
    return classifier


class _Evaluation:
    """Evaluation mode without gradients, for a while."""

    def __init__(self, module):
        self.module, self.mode, self.grad = module, module.training, torch.no_grad()

    def __enter__(self):
        self.grad.__enter__()
        return self.module.eval()

    def __exit__(self, *error):
        self.module.train(self.mode)
        self.grad.__exit__(*error)


def train_classifier(train, valid, *, p, rate, batch, epochs, patience, seed, report=None):
    """Let a loader shuffle."""
    tokenizer = WordTokenizer(END.join(subject for subject, _ in train), 2000)
    classifier = build_classifier(len(tokenizer.words), p, seed)
    learned, held_out = (_make_set(tokenizer, rows) for rows in (train, valid))
    draw = torch.Generator().manual_seed(seed)
    loader = DataLoader(learned, batch, shuffle=True, generator=draw)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=rate)
    done = iter(range(1, epochs + 1))

    def train_epoch():
        for *inputs, labels in loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(classifier(*inputs), labels).backward()
            optimizer.step()

    def validate():
        loss, _ = measure(classifier, *held_out.tensors, len(valid))
        number = next(done)
        if report is not None:
            report(number, loss)
        return loss

    train_best(classifier, train_epoch, validate, epochs, patience)
    return tokenizer, classifier


def _make_set(tokenizer, rows):
    labels = torch.tensor([label for _, label in rows])
    return TensorDataset(*encode_subjects(tokenizer, [subject for subject, _ in rows], 32), labels)


def predict(tokenizer, classifier, subjects):
    """Classify one subject at a time."""
    with _Evaluation(classifier):
        logits = [classifier(*encode_subjects(tokenizer, [one], 32)) for one in subjects]
        return torch.cat(logits).softmax(-1)[:, 1].contiguous()
