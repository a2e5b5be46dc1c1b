"""The card of a converted estimator: what the conversion knows, and what its makers still have to say."""

from __future__ import annotations

from collections.abc import Sequence

from training.classification_report import report_table
from training.classifier_card import METRIC_TITLES, bound
from training.manifest import Input
from training.markdown import figure, table
from training.onnx_export import Agreement

TITLES = METRIC_TITLES | {'r2': 'R² (1 is best)', 'mae': 'Mean absolute error', 'rmse': 'Root mean squared error'}


def converted_card(
    manifest: dict,
    inputs: Sequence[Input],
    described: str,
    agreed: Agreement,
    datasets: Sequence[dict],
    metrics: dict[str, float],
) -> str:
    """card.md. `described` are the estimator's classes; `datasets` the one of evaluation.json, or none; `metrics` those
    on the sample."""
    provenance, output = manifest['provenance'], manifest['output']
    titles = [entry['title'] for entry in output.get('classes', [])]
    return (
        '\n\n'.join(
            [
                f'# {manifest["title"]} {manifest["version"]}',
                f'> **{manifest["notice"]}.**',
                '## Intended use',
                'Not stated by its makers yet.',
                '## What goes in, what comes out',
                table(['Name', 'Column', 'Type'], [[f'`{entry.name}`', entry.title, entry.type] for entry in inputs]),
                _answer(manifest, titles),
                '## Model',
                f'{described}: {provenance["framework"]}, converted to ONNX.',
                '## Data',
                provenance.get('data', 'Not stated by its makers yet.'),
                *_results(datasets, metrics, titles),
                '## Serving equals training',
                f"ONNX Runtime was compared with scikit-learn on {agreed.rows:,} rows, the sample's and golden rows "
                f'that are spread over it. The largest difference of a number is below {bound(agreed.largest)}. No row '
                'of the sample is part of this version.',
            ]
        )
        + '\n'
    )


def _answer(manifest: dict, titles: Sequence[str]) -> str:
    if manifest['task'] == 'regression':
        return 'Out: a value.'
    named = ', '.join(f'`{title}`' for title in titles)
    if manifest['output'].get('kind') == 'decision':
        return (
            f'Out: a score of the decision function for each of {named}, which is no probability; the largest answers.'
        )
    if len(titles) == 2:
        return f'Out: the probability of `{titles[1]}`; from 0.5 on that is the label, below it `{titles[0]}`.'
    return f'Out: a probability for each of {named}; the label is the most probable one.'


def _results(datasets: Sequence[dict], metrics: dict[str, float], titles: Sequence[str]) -> list[str]:
    if not metrics:
        return ['## Results', 'The sample had no outcomes, so nothing was measured.']
    parts = [
        '## Results on the sample',
        'Whether the estimator saw these rows in training, its makers must say.',
        table(['Metric', 'Sample'], [[TITLES.get(name, name), figure(value)] for name, value in metrics.items()]),
    ]
    for dataset in datasets:
        parts += [report_table(dataset, titles), '![Confusion matrix](confusion.png)']
    return parts
