"""The report is scikit-learn's."""

import numpy as np
import pytest
from sklearn.metrics import classification_report, confusion_matrix

from training.classification_report import report_table, weighted_metrics


def test_weighted_means_are_those_of_scikit_learn():
    rng = np.random.default_rng(1)
    actual, called = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    theirs = classification_report(actual, called, output_dict=True)['weighted avg']
    ours = weighted_metrics(confusion_matrix(actual, called).tolist())
    assert ours == pytest.approx(
        {
            'precisionWeighted': theirs['precision'],
            'recallWeighted': theirs['recall'],
            'f1Weighted': theirs['f1-score'],
        },
        abs=1e-6,
    )


def test_a_class_that_was_never_called_has_a_precision_of_0():
    assert weighted_metrics([[2, 0], [2, 0]]) == {
        'precisionWeighted': 0.25,
        'recallWeighted': 0.5,
        'f1Weighted': 0.333333,
    }


def test_the_table_has_every_class_both_means_and_the_accuracy():
    text = report_table({'confusionMatrix': {'counts': [[8, 2], [0, 5]]}}, ['No', 'Yes'])
    assert '| No | 1.0000 | 0.8000 | 0.8889 | 10 |' in text
    assert '| Yes | 0.7143 | 1.0000 | 0.8333 | 5 |' in text
    assert '| *mean of the classes* | 0.8571 | 0.9000 | 0.8611 | 15 |' in text
    assert text.endswith('Accuracy 0.8667: 13 of 15 rows called rightly.')
