"""Columns become inputs that say what they hold and show nobody's value."""

import pandas as pd
import pytest

from training.column_inputs import as_yes_or_no, coded_column, input_names, outward
from training.csv_table import TableError


def test_names_are_what_a_manifest_allows_and_all_different():
    assert input_names(['Presión (mmHg)', 'a b', 'a-b', '2nd', '%', 'año']) == [
        'Presion_mmHg', 'a_b', 'a_b_2', 'x_2nd', 'x', 'ano'
    ]  # fmt: skip


@pytest.mark.parametrize('words', [['yes', 'No'], ['TRUE', 'false'], ['sí', 'no'], [1, 0], [1.0, 0.0], [True, False]])
def test_yes_and_no_are_read_in_their_usual_forms(words):
    assert as_yes_or_no(pd.Series(words)).tolist() == [1, 0]


def test_another_column_is_no_yes_or_no():
    assert as_yes_or_no(pd.Series(['yes', 'maybe'])) is None


def test_text_becomes_codes_with_their_titles():
    declared, values = coded_column(pd.Series(['b', 'a', 'c', 'a'], name='Grade'), 'grade')
    assert [entry['title'] for entry in declared.values] == ['a', 'b', 'c']
    assert values.tolist() == [2, 1, 3, 1] and (declared.type, declared.title) == ('integer', 'Grade')


def test_numbers_of_a_category_are_codes_that_they_are_already():
    declared, values = coded_column(pd.Series([7, 3, 5], name='ward'), 'ward', category=True)
    assert [entry['value'] for entry in declared.values] == [3, 5, 7] and values.tolist() == [7, 3, 5]


@pytest.mark.parametrize(
    'lowest, highest, whole, limits',
    [(18, 91, True, (10, 100)), (32.17, 59.63, False, (30, 60)), (0.013, 0.98, False, (0, 1)),
     (2712, 6288, True, (2000, 7000)), (0, 1, False, (0, 1)), (-6.55, 49.43, False, (-10, 50))],
)  # fmt: skip
def test_a_range_is_rounded_outwards(lowest, highest, whole, limits):
    assert outward(lowest, highest, whole) == limits


@pytest.mark.parametrize(
    'values, category, message',
    [([3, 3], False, 'same value'), ([f'note {n}' for n in range(30)], False, 'text with 30'),
     ([1.5, 2.0, 3.0], True, 'no set of codes'), ([1.0, float('inf')], False, 'infinite')],
)  # fmt: skip
def test_a_column_that_is_no_input_is_refused_without_its_values(values, category, message):
    with pytest.raises(TableError, match=message) as refusal:
        coded_column(pd.Series(values, name='x'), 'x', category)
    assert 'note' not in str(refusal.value)
