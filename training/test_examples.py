"""Examples fit their schema; those of a classifier are typical of their class and nobody's."""

import json

import jsonschema
import numpy as np
import pytest

from training.classifier_examples import LEAST_ROWS, typical_rows
from training.examples import example, examples_file, kebab
from training.manifest import Input

INPUTS = (
    Input(name='length', title='Length', type='number', unit='mm', range=(0, 100), example=50),
    Input(name='kind', title='Kind', type='integer', example=1,
          values=tuple({'value': code, 'title': str(code)} for code in (1, 2, 3))),
    Input(name='count', title='Count', type='integer', range=(0, 9), example=1),
)  # fmt: skip
CLASSES = ({'name': 'short', 'title': 'Short'}, {'name': 'long', 'title': 'Long'})
SHORT = [[10, 3, 1], [11, 3, 2], [12, 1, 2], [13, 3, 2], [15, 2, 4]]
LONG = [[80, 1, 0], [81, 1, 0], [82, 1, 0], [83, 2, 0], [84, 2, 0]]


def by_length(rows):
    """Scores of a model that calls long what is longer than 50."""
    return np.column_stack([rows[:, 0] <= 50, rows[:, 0] > 50]).astype(float)


def typical(rows, labels, scores=by_length):
    return typical_rows(INPUTS, CLASSES, np.array(rows, dtype=np.float64), np.array(labels), scores)


def test_the_file_says_what_each_example_is():
    files = examples_file([example('at-risk', 'At risk', 'risk', {'age': 70})])
    assert json.loads(files['examples.json']) == {
        'schemaVersion': 1,
        'examples': [{'name': 'at-risk', 'title': 'At risk', 'label': 'risk', 'input': {'age': 70}}],
    }


def test_there_is_no_file_without_examples():
    assert examples_file([]) == {}


def test_two_examples_of_one_name_or_one_that_is_no_name_are_refused():
    with pytest.raises(ValueError, match='same name'):
        examples_file([example('one', 'One', 'a', {}), example('one', 'Another', 'a', {})])
    with pytest.raises(jsonschema.ValidationError, match='does not match'):
        examples_file([example('At risk', 'At risk', 'risk', {})])


@pytest.mark.parametrize(
    'title, name', [('Adélie', 'adelie'), ('Low cardiac output', 'low-cardiac-output'), ('≥ 3 days', '3-days'), ('是', '')]
)
def test_a_title_becomes_a_name(title, name):
    assert kebab(title) == name


def test_a_typical_row_has_the_means_of_its_class_and_the_most_frequent_codes():
    short, long = typical(SHORT + LONG, [0] * 5 + [1] * 5)
    assert short == example('short', 'Short', 'short', {'length': 12.2, 'kind': 3, 'count': 2})
    assert long == example('long', 'Long', 'long', {'length': 82.0, 'kind': 1, 'count': 0})


def test_rows_that_the_model_calls_something_else_count_for_nothing():
    short, long = typical([*SHORT, [99, 2, 9], *LONG], [0] * 6 + [1] * 5)
    assert short['input'] == {'length': 12.2, 'kind': 3, 'count': 2}


def test_a_class_of_few_rows_or_that_the_model_does_not_know_again_has_no_example():
    assert [each['name'] for each in typical(SHORT + LONG[1:], [0] * 5 + [1] * (LEAST_ROWS - 1))] == ['short']
    # Every row of the class is called rightly, what lies between them is not.
    apart = [[1, 1, 1], [1, 1, 1], [1, 1, 1], [99, 1, 1], [99, 1, 1], [99, 1, 1]]
    assert typical(apart, [0] * 6, lambda rows: by_length(np.where(abs(rows - 50) > 40, 0, 99))) == []
