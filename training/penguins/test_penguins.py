"""The shipped versions are what a run makes of the public file, and the file is read in both of its forms."""

import json

import numpy as np
import pytest

from training.command_line import MODELS
from training.csv_table import TableError
from training.onnx_export import OnnxModel
from training.penguins.subject import INPUTS, RECIPES, SUBJECT, read_penguins
from training.shipped_versions import TABULAR, assert_ships, repeated

FILE = TABULAR / 'penguins_v1.csv'
SHIPPED = MODELS / 'penguins'
CODED = 'id,species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year\n'
needs_file = pytest.mark.skipif(not FILE.exists(), reason='penguins_v1.csv is not in ../shared/fixtures/tabular')
versions = pytest.mark.parametrize('recipe', RECIPES, ids=[recipe.key for recipe in RECIPES])


@versions
def test_the_shipped_version_is_whole_and_answers_as_scikit_learn_did(recipe):
    assert_ships(SHIPPED / recipe.version, SUBJECT)


@versions
@needs_file
def test_the_shipped_version_repeats_to_the_byte(recipe):
    both = repeated(SHIPPED / recipe.version, SUBJECT, RECIPES, recipe, read_penguins(FILE))
    assert [name for name in both['shipped'] if both['shipped'][name] != both['again'][name]] == []


@versions
def test_clear_penguins_are_called_what_they_are(recipe):
    model = OnnxModel((SHIPPED / recipe.version / 'model.onnx').read_bytes())
    typical = {
        'Adelie': [1, 38.5, 18.2, 188, 3600, 0],
        'Chinstrap': [3, 49.0, 18.5, 197, 3700, 1],
        'Gentoo': [2, 47.5, 15.0, 217, 5100, 1],
    }
    scores = model.scores(np.array(list(typical.values()), dtype=np.float64))
    assert [SUBJECT.class_names[index] for index in scores.argmax(axis=1)] == list(typical)
    assert (scores.max(axis=1) > 0.9).all()


def test_the_versions_have_the_same_golden_rows_so_that_they_can_be_compared():
    rows = [json.loads((SHIPPED / recipe.version / 'golden.json').read_text())['inputs'] for recipe in RECIPES]
    assert rows[0] == rows[1] == rows[2]


def test_names_and_codes_are_the_same_penguins(tmp_path):
    coded, named = tmp_path / 'coded.csv', tmp_path / 'named.csv'
    coded.write_text(f'{CODED}1,1,1,39.1,18.7,181,3750,1,2007\n2,2,2,46.1,13.2,211,4500,0,2007\n'
                     '3,3,3,46.5,17.9,192,3500,0,2007\n')  # fmt: skip
    named.write_text(
        'species,island,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,year\n'
        'Adelie,Torgersen,39.1,18.7,181,3750,male,2007\nAdelie,Torgersen,NA,NA,NA,NA,NA,2007\n'
        'Gentoo,Biscoe,46.1,13.2,211,4500,female,2007\nChinstrap,Dream,46.5,17.9,192,3500,female,2007\n'
    )
    one, other = read_penguins(coded), read_penguins(named)
    assert np.array_equal(one.inputs, other.inputs) and np.array_equal(one.labels, other.labels)
    assert one.inputs[0].tolist() == [1, 39.1, 18.7, 181, 3750, 1]
    assert [SUBJECT.class_names[label] for label in one.labels] == ['Adelie', 'Gentoo', 'Chinstrap']
    assert (one.dropped, other.dropped) == (0, 1)


@pytest.mark.parametrize(
    'row, message',
    [
        ('1,1,1,39.1,18.7,181,3750,1,2007', 'all three species'),
        ('1,4,1,39.1,18.7,181,3750,1,2007', 'species holds 1 values'),
        ('1,1,1,long,18.7,181,3750,1,2007', 'no numbers'),
    ],
)
def test_another_table_is_refused(tmp_path, row, message):
    path = tmp_path / 'other.csv'
    path.write_text(f'{CODED}{row}\n')
    with pytest.raises(TableError, match=message):
        read_penguins(path)


@needs_file
def test_every_penguin_of_the_file_lies_within_the_declared_ranges():
    inputs = read_penguins(FILE).inputs
    for index, entry in enumerate(INPUTS):
        lowest, highest = entry.range or (entry.values[0]['value'], entry.values[-1]['value'])
        assert lowest <= inputs[:, index].min() and inputs[:, index].max() <= highest
