"""The picture of a classifier of several classes: learning, confusion, ROC, calibration and the cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from training.markdown import figure
from training.plots import COLOURS, plt, png

GREYS = 'Greys'


def multiclass_picture(
    title: str,
    losses: Mapping[str, dict],
    dataset: dict,
    titles: Mapping[str, str],
    medians: Mapping[str, np.ndarray],
    median_of: str,
) -> bytes:
    """A PNG of six panels.

    `losses`: name of a pipeline → Keras' history; `dataset`: an entry of evaluation.json; `titles`: class → title for
    people; `medians`: class → median course `[samples]` of the sign that `median_of` names.
    """
    canvas, axes = plt.subplots(2, 3, figsize=(13, 8), layout='constrained')
    canvas.suptitle(title)
    _losses(axes[0, 0], losses)
    confusion_panel(axes[0, 1], dataset, titles)
    _courses(axes[0, 2], medians, titles, median_of)
    class_curves(axes[1, 0], axes[1, 1], dataset, titles)
    _classes(axes[1, 2], dataset, titles)
    for panel in axes.flat:
        panel.spines[['top', 'right']].set_visible(False)
        if panel is not axes[0, 1]:
            panel.grid(alpha=0.25)
    return png(canvas)


def _losses(panel: plt.Axes, losses: Mapping[str, dict]) -> None:
    for colour, (name, history) in zip(COLOURS, losses.items()):
        epochs = range(1, len(history['loss']) + 1)
        panel.plot(epochs, history['loss'], color=colour, label=f'{name}, training')
        panel.plot(epochs, history['val_loss'], color=colour, linestyle='--', linewidth=1, label=f'{name}, validation')
    panel.set(title='Loss (cross-entropy)', xlabel='epoch', ylim=(0, None))
    panel.legend(fontsize='small')


def confusion_panel(panel: plt.Axes, dataset: dict, titles: Mapping[str, str]) -> None:
    """Counts and shares of an entry of evaluation.json, actual classes downwards, called ones across."""
    matrix = dataset['confusionMatrix']
    counts = np.array(matrix['counts'])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    panel.imshow(shares, cmap=GREYS, vmin=0, vmax=1)
    for actual, row in enumerate(counts):
        for called, count in enumerate(row):
            share = shares[actual, called]
            text = f'{count}\n{100 * share:.0f} %'
            panel.text(called, actual, text, ha='center', va='center', color='white' if share > 0.5 else 'black')
    names = [titles[name].replace(' ', '\n') for name in matrix['classes']]
    panel.set(title=f'Confusion, {dataset["name"]}', xlabel='called', ylabel='actual')
    panel.set_xticks(range(len(names)), names)
    panel.set_yticks(range(len(names)), names)


def _courses(panel: plt.Axes, medians: Mapping[str, np.ndarray], titles: Mapping[str, str], name: str) -> None:
    for colour, (entry, course) in zip(COLOURS, medians.items()):
        panel.plot(range(1, len(course) + 1), course, color=colour, label=titles[entry])
    highest = max(float(course.max()) for course in medians.values())
    panel.set(title=f'The cohort: median of {name}', xlabel='sample of the window', ylim=(0, 1.4 * highest))
    panel.legend(ncols=2, loc='upper center', fontsize='small')


def class_curves(roc: plt.Axes, calibration: plt.Axes, dataset: dict, titles: Mapping[str, str]) -> None:
    """ROC and calibration of each class against the rest, in one data set."""
    metrics = {entry['class']: entry['metrics'] for entry in dataset['classMetrics']}
    for panel in (roc, calibration):
        panel.plot([0, 1], [0, 1], color='grey', linestyle=':', linewidth=1)
    for colour, curve in zip(COLOURS, dataset['roc']):
        points = curve['points']
        roc.plot(
            [point['falsePositiveRate'] for point in points],
            [point['truePositiveRate'] for point in points],
            color=colour,
            label=f'{titles[curve["class"]]}: {figure(metrics[curve["class"]]["auc"])}',
        )
    for colour, entry in zip(COLOURS, dataset['calibration']):
        calibration.plot(
            [step['meanPredicted'] for step in entry['bins']],
            [step['observed'] for step in entry['bins']],
            color=colour,
            marker='o',
            markersize=4,
            label=f'{titles[entry["class"]]}: {figure(metrics[entry["class"]]["calibrationError"])}',
        )
    roc.set(title='ROC, each class against the rest: AUC', xlabel='false positive rate', ylabel='true positive rate')
    calibration.set(title='Calibration by deciles: error', xlabel='predicted probability', ylabel='observed share')
    roc.legend(loc='lower right', fontsize='small')
    calibration.legend(loc='upper left', fontsize='small')


def _classes(panel: plt.Axes, dataset: dict, titles: Mapping[str, str]) -> None:
    shown: Sequence[str] = ('precision', 'recall', 'f1')
    places = np.arange(len(dataset['classMetrics']))
    width = 0.8 / len(shown)
    for offset, (colour, name) in enumerate(zip(COLOURS, shown)):
        values = [entry['metrics'][name] for entry in dataset['classMetrics']]
        panel.bar(places + (offset - 1) * width, values, width, color=colour, label=name)
    panel.set(title=f'Each class, {dataset["name"]}', ylim=(0, 1.15))
    panel.set_xticks(places, [titles[entry['class']].replace(' ', '\n') for entry in dataset['classMetrics']])
    panel.legend(ncols=3, loc='upper center', fontsize='small')
