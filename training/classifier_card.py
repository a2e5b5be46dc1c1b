"""The card of a classifier of rows (Mitchell et al. 2019), every figure filled in by the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from training.classification_report import report_table
from training.evaluation import wilson_interval
from training.markdown import figure, table
from training.onnx_export import Agreement

if TYPE_CHECKING:
    from training.classifier import Recipe, Subject, Table

METRIC_TITLES = {
    'accuracy': 'Accuracy',
    'precisionWeighted': 'Precision, weighted by rows',
    'recallWeighted': 'Recall, weighted by rows',
    'f1Weighted': 'F1, weighted by rows',
    'precision': 'Precision',
    'recall': 'Recall',
    'f1': 'F1',
    'auc': 'AUC',
    'brier': 'Brier score (0 is best)',
    'logLoss': 'Log loss (0 is best)',
    'calibrationError': 'Expected calibration error (0 is best)',
}
COMPARED = ('accuracy', 'auc', 'brier', 'logLoss')


def model_card(
    manifest: dict,
    subject: Subject,
    recipe: Recipe,
    datasets: Sequence[dict],
    compared: Mapping[str, tuple[str, dict]],
    agreed: Agreement,
    data: Table,
    sections: Sequence[str] = (),
) -> str:
    """card.md. `datasets` are those of evaluation.json, training rows first and held-out ones last; `compared` titles
    and cross-validated metrics of all recipes by key; `agreed` how close ONNX is to scikit-learn."""
    provenance, (train, held_out) = manifest['provenance'], datasets
    titles = list(subject.class_titles.values())
    return '\n\n'.join(
        [
            f'# {manifest["title"]} {manifest["version"]}: {recipe.title.lower()}',
            f'> **{manifest["notice"]}.**',
            subject.description,
            '## Intended use',
            subject.intended,
            '## What goes in, what comes out',
            _inputs_table(subject),
            _answer(subject),
            '## Model',
            f'{recipe.about} {provenance["framework"]}, converted to ONNX.',
            '## Data',
            subject.data,
            *([f'Licence of the data: {subject.license}.'] if subject.license else []),
            *([f'Cite as: {subject.citation}'] if subject.citation else []),
            f'{len(data)} complete rows{_dropped(data)}; {train["rows"]} of them for training and {held_out["rows"]} '
            'held out for this card only, with the same share of every class in both. The rows are not part of this '
            'version: golden rows are spread over the declared ranges.',
            table(
                ['Class', 'Training rows', 'Held-out rows'],
                [[title, *[each['classCounts'][index] for each in datasets]] for index, title in enumerate(titles)],
            ),
            *_choice(subject, recipe, compared),
            '## Results',
            _metrics_table(datasets, subject),
            f'In brackets: 95 % confidence interval (Wilson); {held_out["rows"]} rows tell no more than that. '
            + ('Precision, recall and F1 without a weight are those of the positive class.' if subject.binary else
               'Without a weight, figures are means over the classes, each against the rest; the Brier score is a '
               'sum.'),
            '### Classification report, held-out rows',
            report_table(held_out, titles),
            '### Classification report, training rows',
            report_table(train, titles),
            '### Confusion, ROC and calibration',
            '![Confusion matrices](confusion.png)',
            '![ROC and calibration](curves.png)',
            *sections,
            '## Limitations',
            '\n'.join(f'- {limitation}' for limitation in subject.limitations),
            '## Serving equals training',
            f'ONNX Runtime was compared with scikit-learn on {agreed.rows:,} rows: the golden rows, every row of the '
            f'data and rows spread over the declared ranges. The largest difference of a probability is below '
            f'{bound(agreed.largest)}.',
            '## How to repeat',
            f'`{provenance["command"]}` in the environment that training/README.md describes. On the same kind of '
            'processor it gives the same bytes; on another one the last digits may differ.',
        ]
    ) + '\n'  # fmt: skip


def _inputs_table(subject: Subject) -> str:
    rows = []
    for entry in subject.inputs:
        if entry.values:
            allowed = ', '.join(f'{value["value"]} {value["title"]}' for value in entry.values)
        else:
            allowed = f'{entry.range[0]:g} to {entry.range[1]:g}'
        rows.append([f'`{entry.name}`', entry.title, allowed, entry.unit or '–'])
    return table(['Name', 'Meaning', 'Values', 'Unit'], rows)


def _answer(subject: Subject) -> str:
    if subject.binary:
        negative, positive = subject.classes
        return (
            f'Out: the probability of "{positive["title"]}"; from 0.5 on the label is `{positive["name"]}`, below it '
            f'`{negative["name"]}`.'
        )
    named = ', '.join(f'`{entry["name"]}` ({entry["title"]})' for entry in subject.classes)
    return f'Out: a probability for each of {named}; the label is the most probable one.'


def _dropped(data: Table) -> str:
    return f', {data.dropped} more lacked a value and were left out' if data.dropped else ''


def _choice(subject: Subject, recipe: Recipe, compared: Mapping[str, tuple[str, dict]]) -> list[str]:
    if len(compared) < 2:
        return []
    shown = [name for name in COMPARED if all(name in metrics for _, metrics in compared.values())]
    return [
        '## Beside other classifiers',
        'Cross-validation on the training rows (five folds, answers pooled):',
        table(
            ['Classifier', *[METRIC_TITLES[name] for name in shown]],
            [
                [f'**{title}**' if key == recipe.key else title, *[figure(metrics[name]) for name in shown]]
                for key, (title, metrics) in compared.items()
            ],
        ),
        *([subject.choice] if subject.choice else []),
    ]


def _metrics_table(datasets: Sequence[dict], subject: Subject) -> str:
    names = [name for name in METRIC_TITLES if name in datasets[0]['metrics']]
    return table(
        ['Metric', *[f'{dataset["title"]}, {dataset["rows"]}' for dataset in datasets]],
        [[METRIC_TITLES[name], *[_with_interval(name, dataset) for dataset in datasets]] for name in names],
    )


def _with_interval(name: str, dataset: dict) -> str:
    value = dataset['metrics'][name]
    if name != 'accuracy':
        return figure(value)
    low, high = wilson_interval(value, dataset['rows'])
    return f'{figure(value)} ({figure(low)} to {figure(high)})'


def bound(difference: float) -> str:
    """The power of ten above a difference: what stays the same when the last digits do not."""
    return next(f'1e-{digits}' for digits in range(12, 0, -1) if difference < 10**-digits)
