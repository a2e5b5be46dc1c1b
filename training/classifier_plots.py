"""The pictures of a classifier of rows: confusion on each data set, and ROC with calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from training.multiclass_plots import class_curves, confusion_panel
from training.plots import calibration_panel, plt, png, roc_panel


def confusion_picture(title: str, datasets: Sequence[dict], titles: Mapping[str, str]) -> bytes:
    """A PNG with the confusion matrix of each of `datasets` (entries of evaluation.json); `titles`: class → title."""
    canvas, axes = plt.subplots(
        1, len(datasets), figsize=(4.8 * len(datasets), 4.6), layout='constrained', squeeze=False
    )
    canvas.suptitle(title)
    for panel, dataset in zip(axes.flat, datasets):
        confusion_panel(panel, dataset, titles)
        panel.spines[['top', 'right']].set_visible(False)
    return png(canvas)


def curves_picture(title: str, datasets: Sequence[dict], titles: Mapping[str, str]) -> bytes:
    """A PNG of ROC and calibration: of two classes the positive one in every data set, of several each class against
    the rest in the last one."""
    canvas, (roc, calibration) = plt.subplots(1, 2, figsize=(10, 4.6), layout='constrained')
    canvas.suptitle(title)
    if len(titles) == 2:
        roc_panel(roc, datasets)
        calibration_panel(calibration, datasets)
    else:
        class_curves(roc, calibration, datasets[-1], titles)
    for panel in (roc, calibration):
        panel.grid(alpha=0.25)
        panel.spines[['top', 'right']].set_visible(False)
    return png(canvas)
