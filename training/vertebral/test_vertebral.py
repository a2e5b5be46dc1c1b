"""The shipped version is what a run makes of the public file."""

import numpy as np
import pytest

from training.command_line import MODELS
from training.csv_table import TableError
from training.onnx_export import OnnxModel
from training.shipped_versions import TABULAR, assert_ships, repeated
from training.vertebral.subject import INPUTS, RECIPES, SUBJECT, read_vertebral

FILE = TABULAR / 'vertebral_column_3C.csv'
LOGISTIC = next(recipe for recipe in RECIPES if recipe.version)
SHIPPED = MODELS / 'vertebral-column' / LOGISTIC.version
HEADER = ','.join([*(entry.name for entry in INPUTS), 'class'])
needs_file = pytest.mark.skipif(
    not FILE.exists(), reason='vertebral_column_3C.csv is not in ../shared/fixtures/tabular'
)


def test_the_shipped_version_is_whole_and_answers_as_scikit_learn_did():
    assert_ships(SHIPPED, SUBJECT)


@needs_file
def test_the_shipped_version_repeats_to_the_byte():
    both = repeated(SHIPPED, SUBJECT, RECIPES, LOGISTIC, read_vertebral(FILE))
    assert [name for name in both['shipped'] if both['shipped'][name] != both['again'][name]] == []


def test_a_vertebra_that_has_slipped_far_is_called_spondylolisthesis():
    scores = OnnxModel((SHIPPED / 'model.onnx').read_bytes()).scores(np.array([[70.0, 20, 60, 50, 115, 60]]))
    assert SUBJECT.class_names[scores[0].argmax()] == 'SL'


@needs_file
def test_all_310_patients_are_read_and_lie_within_the_declared_ranges():
    table = read_vertebral(FILE)
    assert np.bincount(table.labels).tolist() == [60, 100, 150]
    for index, entry in enumerate(INPUTS):
        assert entry.range[0] <= table.inputs[:, index].min() and table.inputs[:, index].max() <= entry.range[1]


def test_classes_may_be_written_out(tmp_path):
    path = tmp_path / 'long.csv'
    path.write_text(f'{HEADER}\n1,2,3,4,5,6,Hernia\n1,2,3,4,5,6,Normal\n1,2,3,4,5,6,Spondylolisthesis\n')
    assert read_vertebral(path).labels.tolist() == [0, 1, 2]


@pytest.mark.parametrize('row, message', [('1,2,3,4,5,6,AB', 'of no other'), ('1,2,3,4,5,6,DH', 'of the classes')])
def test_another_table_is_refused(tmp_path, row, message):
    path = tmp_path / 'other.csv'
    path.write_text(f'{HEADER}\n{row}\n')
    with pytest.raises(TableError, match=message):
        read_vertebral(path)
