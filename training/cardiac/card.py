"""The model card (Mitchell et al. 2019, "Model Cards for Model Reporting"), every figure filled in by the run."""

from __future__ import annotations

from collections.abc import Sequence

from training.cardiac.cohort import (
    BASE_SCORE,
    CUT_OFFS,
    INPUTS,
    MAIN_EFFECTS,
    PAIR_WEIGHT,
    PAIRS,
    THRESHOLD,
)
from training.cardiac.course import RULE_IN_WORDS
from training.evaluation import wilson_interval
from training.markdown import figure, table

METRIC_TITLES = {
    'accuracy': 'Accuracy',
    'precision': 'Precision (positive predictive value)',
    'recall': 'Recall (sensitivity)',
    'f1': 'F1',
    'auc': 'AUC',
    'brier': 'Brier score (0 is best)',
    'calibrationError': 'Expected calibration error (0 is best)',
}


LOWERED_BY = 0.02
"""A fall of the probability that counts, when a factor rises."""


def model_card(
    manifest: dict,
    datasets: Sequence[dict],
    ceiling: dict[str, float],
    subgroups: Sequence[tuple[str, int, dict[str, float]]],
    lowered: dict[str, float],
    training: dict[str, object],
    course_rule_accuracy: float | None,
) -> str:
    """card.md.

    `datasets` are those of evaluation.json; `ceiling` the metrics of the labelling rule itself on the held-out rows;
    `subgroups` name, rows and metrics of parts of the held-out rows; `lowered` per input the share of held-out rows
    whose probability falls when that input rises; `training` rows, epochs and the like; `course_rule_accuracy` how
    many labels of the course file its rule explains (None where the file was not at hand).
    """
    by_name = {dataset['name']: dataset for dataset in datasets}
    train, held_out, course = by_name['train'], by_name['held-out'], by_name.get('course')
    provenance = manifest['provenance']
    return '\n\n'.join(
        [
            f'# {manifest["title"]} {manifest["version"]}',
            f'> **{manifest["notice"]}.**',
            manifest['description'],
            '## Intended use',
            'For: showing how a risk model is served, limited, recorded and audited; teaching; testing clients. '
            'Not for: any decision about a patient. No person\'s data went into it, so it says nothing about people: '
            'the probability is that of a made-up rule. It is not a medical device and was reviewed by no clinician.',
            '## What goes in, what comes out',
            'The scales are those of the assignment that the model answers, as used in Argentina.',
            _inputs_table(),
            f'Out: the probability of "{manifest["output"]["classes"][1]["title"]}"; from '
            f'{manifest["output"]["threshold"]} on the label is `{manifest["output"]["classes"][1]["name"]}`, '
            f'below it `{manifest["output"]["classes"][0]["name"]}`.',
            '## Model',
            f'Normalization, Dense {training["layers"]}: {training["parameters"]:,} trained parameters. '
            'The Normalization layer (mean and variance of the training rows) is part of the file: raw values go in.',
            '## Data: a synthetic cohort',
            f'{training["rows"]:,} patients were drawn with seed {provenance["seed"]}, every input uniform over its '
            'range and independent of the others, measurements with two decimals, age in whole years. That covers '
            'what the server accepts evenly; it is no population. The label is drawn with probability '
            '1 / (1 + exp(−score)); the draw is the noise. The score is the sum of',
            _rule_list(),
            'The cut-offs are customary ones (total cholesterol 200 mg/dL, systolic pressure 140 mmHg, fasting glucose '
            '100 mg/dL), set half a step above them for values recorded in steps of 0.1. The pairs and cut-offs were '
            'chosen to agree with the rule of the course data set (below); weights and noise were chosen freely.',
            f'Split: {training["train"]:,} rows for training, {training["validation"]:,} watched during training, '
            f'{held_out["rows"]:,} (a fifth) held out and used for this card only.',
            '## Training',
            f'Binary cross-entropy, Adam with a learning rate of {training["learning_rate"]} falling to 0 along a '
            f'cosine, batches of {training["batch_size"]}, {training["epochs"]} epochs, last weights kept; nothing was '
            f'selected on validation or held-out rows. {provenance["framework"]}.',
            '![Learning curves, ROC and calibration](curves.png)',
            '## Results',
            _metrics_table(held_out, ceiling, course),
            f'On the training rows: accuracy {figure(train["metrics"]["accuracy"])}, AUC '
            f'{figure(train["metrics"]["auc"])}, Brier score {figure(train["metrics"]["brier"])}. '
            'In brackets: 95 % confidence intervals (Wilson). "Rule itself" is the labelling rule\'s own probability '
            'on the held-out rows: the noise of the labels lets nothing do better, but by chance.',
            *_confusions([dataset for dataset in (held_out, course) if dataset]),
            *_course_section(course, course_rule_accuracy),
            '### Calibration on the held-out rows',
            _calibration_table(held_out),
            '### Subgroups of the held-out rows',
            table(
                ['Subgroup', 'Rows', *[METRIC_TITLES[name].split(' (')[0] for name in _SUBGROUP_METRICS]],
                [
                    [name, f'{rows:,}', *[figure(metrics[metric]) for metric in _SUBGROUP_METRICS]]
                    for name, rows, metrics in subgroups
                ],
            ),
            '## Limitations',
            '- The inputs are independent here and are not in people: combinations that hardly occur (a '
            'five-year-old who smokes) are as frequent as common ones.\n'
            '- Sex, family history, medication, HDL and LDL cholesterol and previous events are not asked for.\n'
            '- Probabilities are calibrated to the synthetic rule alone. On other data they mean nothing until '
            'recalibrated.\n'
            '- The network approximates steep steps; close to a cut-off it is uncertain.\n'
            '- Nothing forces the risk to rise with each factor. Share of held-out rows whose probability falls by '
            f'more than {LOWERED_BY} when a factor rises by a tenth of its range (from 0 to 1 for the last two): '
            f'{", ".join(f"{name} {100 * share:.1f} %" for name, share in lowered.items())}.',
            '## How to repeat',
            f'`{provenance["command"]}` in the environment that training/README.md describes. On the same kind of '
            'processor it gives the same bytes; on another one the last digits of weights may differ.',
        ]
    ) + '\n'


_SUBGROUP_METRICS = ('accuracy', 'precision', 'recall', 'auc', 'brier')


def _inputs_table() -> str:
    rows = []
    for entry in INPUTS:
        allowed = f'{entry.range[0]:g} to {entry.range[1]:g}' if entry.range else '0 no, 1 yes'
        terminology = 'LOINC' if 'loinc' in entry.code[0] else 'SNOMED CT'
        rows.append([f'`{entry.name}`', entry.title, allowed, entry.unit or '–', f'{terminology} {entry.code[1]}'])
    return table(['Name', 'Meaning', 'Values', 'Unit', 'Code'], rows)


def _rule_list() -> str:
    titles = {entry.name: entry.title.lower() for entry in INPUTS}
    units = {entry.name: entry.unit for entry in INPUTS}
    effects = ', '.join(f'{titles[name]} {weight}' for name, weight in MAIN_EFFECTS.items())
    cut_offs = ', '.join(
        f'{titles[name]} {cut_off} ({units[name]}, width {width})'
        for name, (cut_off, width) in CUT_OFFS.items()
    )
    pairs = '; '.join(f'{titles[first]} with {titles[second]}' for first, second in PAIRS)
    return '\n'.join(
        [
            f'- {BASE_SCORE} for everybody,',
            f'- a small effect of each factor, from minus to plus its weight over its range: {effects},',
            f'- {PAIR_WEIGHT} for each pair of which both factors are raised: {pairs}. A measurement or age is raised '
            f'by degrees, along 1 / (1 + exp(−(value − cut-off) / width)): {cut_offs}.',
        ]
    )


def _metrics_table(held_out: dict, ceiling: dict[str, float], course: dict | None) -> str:
    header = ['Metric', f'Held-out, {held_out["rows"]:,} rows', 'Rule itself, held-out']
    if course:
        header.append(f'Course data set, {course["rows"]:,} rows')
    rows = []
    for name, title in METRIC_TITLES.items():
        row = [title, _with_interval(name, held_out), figure(ceiling[name])]
        if course:
            row.append(_with_interval(name, course))
        rows.append(row)
    return table(header, rows)


def _with_interval(name: str, dataset: dict) -> str:
    value = dataset['metrics'][name]
    matrix = dataset['confusionMatrix']['counts']
    counts = {
        'accuracy': dataset['rows'],
        'precision': matrix[0][1] + matrix[1][1],
        'recall': matrix[1][0] + matrix[1][1],
    }
    if not counts.get(name):
        return figure(value)
    low, high = wilson_interval(value, counts[name])
    return f'{figure(value)} ({figure(low)} to {figure(high)})'


def _confusions(datasets: Sequence[dict]) -> list[str]:
    rows = []
    for dataset in datasets:
        (true_negative, false_positive), (false_negative, true_positive) = dataset['confusionMatrix']['counts']
        counts = (true_positive, true_negative, false_positive, false_negative)
        rows.append([dataset['title'], *[f'{count:,}' for count in counts]])
    outcomes = ['At risk, called so', 'Not at risk, called so', 'Not at risk, called at risk', 'At risk, missed']
    return [f'At the threshold of {THRESHOLD}:', table(['Data set', *outcomes], rows)]


def _course_section(course: dict | None, rule_accuracy: float | None) -> list[str]:
    if course is None:
        return []
    return [
        '### The course data set',
        f'A public file of {course["rows"]:,} synthetic patients that comes with the assignment '
        '(`datos_de_pacientes_5000.csv`). It has no licence, so no row of it is here, and the model never saw one in '
        f'training. Its label follows one rule: {RULE_IN_WORDS[0].lower()}{RULE_IN_WORDS[1:]} That rule explains '
        f'{100 * rule_accuracy:.2f} % of its labels.',
        'Since the synthetic rule rewards the same three pairs, the score on this file is no independent evidence of '
        'quality: it shows that the network found the pairs through the noise of its own labels. The file\'s labels '
        'have no noise, while the model learned from noisy ones: its probabilities are therefore less extreme than '
        'the file\'s labels, which is the calibration error in that column.',
    ]


def _calibration_table(dataset: dict) -> str:
    return table(
        ['Probabilities', 'Rows', 'Mean predicted', 'Observed'],
        [
            [
                f'{entry["lower"]:.4f} to {entry["upper"]:.4f}',
                f'{entry["count"]:,}',
                figure(entry['meanPredicted']),
                figure(entry['observed']),
            ]
            for entry in dataset['calibration'][0]['bins']
        ],
    )
