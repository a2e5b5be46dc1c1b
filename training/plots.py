"""The picture of a training run: learning curves, ROC and calibration in one PNG."""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib

matplotlib.use('Agg')  # no window, so that it runs on a machine without a display
import matplotlib.pyplot as plt  # noqa: E402

from training.markdown import figure  # noqa: E402

# Okabe & Ito's palette: distinct for colour-blind readers.
COLOURS = ('#0072B2', '#D55E00', '#009E73', '#CC79A7')
DOTS_PER_INCH = 110


def training_picture(title: str, history: dict[str, Sequence[float]], datasets: Sequence[dict]) -> bytes:
    """A PNG of four panels: loss and accuracy per epoch, ROC and calibration of every data set in `datasets`.

    `history` is Keras' own (loss, val_loss, accuracy, val_accuracy); `datasets` are entries of evaluation.json.
    """
    canvas, axes = plt.subplots(2, 2, figsize=(10, 8), layout='constrained')
    canvas.suptitle(title)
    _epochs(axes[0, 0], 'Loss (binary cross-entropy)', history['loss'], history['val_loss'])
    _epochs(axes[0, 1], 'Accuracy', history['accuracy'], history['val_accuracy'])
    roc_panel(axes[1, 0], datasets)
    calibration_panel(axes[1, 1], datasets)
    for panel in axes.flat:
        panel.grid(alpha=0.25)
        panel.spines[['top', 'right']].set_visible(False)
    return png(canvas)


def png(canvas: plt.Figure) -> bytes:
    """The drawn figure as a PNG; it is closed."""
    content = io.BytesIO()
    # Without the software's name and version the picture depends on the figures alone.
    canvas.savefig(content, format='png', dpi=DOTS_PER_INCH, metadata={'Software': None})
    plt.close(canvas)
    return content.getvalue()


def _epochs(panel: plt.Axes, title: str, train: Sequence[float], validation: Sequence[float]) -> None:
    epochs = range(1, len(train) + 1)
    panel.plot(epochs, train, color=COLOURS[0], label='training')
    panel.plot(epochs, validation, color=COLOURS[1], label='validation', linewidth=1)
    panel.set(title=title, xlabel='epoch')
    panel.legend()


def roc_panel(panel: plt.Axes, datasets: Sequence[dict]) -> None:
    """ROC of the positive class in each data set."""
    panel.plot([0, 1], [0, 1], color='grey', linestyle=':', linewidth=1)
    for colour, dataset in zip(COLOURS, datasets):
        points = dataset['roc'][0]['points']
        panel.plot(
            [point['falsePositiveRate'] for point in points],
            [point['truePositiveRate'] for point in points],
            color=colour,
            label=f'{dataset["name"]}: AUC {figure(dataset["metrics"]["auc"])}',
        )
    panel.set(title='ROC', xlabel='false positive rate', ylabel='true positive rate', aspect='equal')
    panel.legend(loc='lower right')


def calibration_panel(panel: plt.Axes, datasets: Sequence[dict]) -> None:
    """Calibration of the positive class in each data set."""
    panel.plot([0, 1], [0, 1], color='grey', linestyle=':', linewidth=1)
    for colour, dataset in zip(COLOURS, datasets):
        bins = dataset['calibration'][0]['bins']
        panel.plot(
            [entry['meanPredicted'] for entry in bins],
            [entry['observed'] for entry in bins],
            color=colour,
            marker='o',
            markersize=4,
            label=f'{dataset["name"]}: Brier {figure(dataset["metrics"]["brier"])}',
        )
    panel.set(title='Calibration by deciles', xlabel='predicted probability', ylabel='observed share', aspect='equal')
    panel.legend(loc='upper left')
