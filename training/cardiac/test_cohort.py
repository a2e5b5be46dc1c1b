"""The cohort stays in its ranges, repeats by its seed and is labelled by the rule that the card describes."""

import numpy as np
import pytest

from training.cardiac.cohort import COLUMNS, INPUTS, MAIN_EFFECTS, PAIR_WEIGHT, generate_cohort, rule_probability
from training.cardiac.course import LABEL_COLUMN, SPANISH_COLUMNS, course_rule, load_course_data

LOW_RISK = [1.25, 0.95, 0.75, 31, 0, 0]


def probability(**values):
    row = [values.get(name, low) for name, low in zip(COLUMNS, LOW_RISK)]
    return rule_probability(np.array([row], dtype=np.float32))[0]


def test_values_stay_in_the_declared_ranges_and_reach_their_ends():
    inputs = generate_cohort(20_000, seed=1).inputs.astype(np.float64)
    for column, entry in enumerate(INPUTS):
        low, high = entry.range or (0, 1)
        values = np.round(inputs[:, column], 2)
        assert values.min() >= low and values.max() <= high
        assert values.min() <= low + 0.02 * (high - low) and values.max() >= high - 0.02 * (high - low)
        if entry.type == 'integer':
            assert np.array_equal(values, np.round(values))


def test_the_same_seed_gives_the_same_patients():
    first, second, other = (generate_cohort(500, seed) for seed in (7, 7, 8))
    assert np.array_equal(first.inputs, second.inputs) and np.array_equal(first.labels, second.labels)
    assert not np.array_equal(first.inputs, other.inputs)


def test_labels_are_drawn_with_the_probability_of_the_rule():
    cohort = generate_cohort(50_000, seed=3)
    expected = rule_probability(cohort.inputs)
    for low, high in ((0, 0.1), (0.1, 0.5), (0.5, 0.9), (0.9, 1)):
        rows = (expected >= low) & (expected < high)
        assert cohort.labels[rows].mean() == pytest.approx(expected[rows].mean(), abs=0.03)


@pytest.mark.parametrize(
    'first, second',
    [
        ({'cholesterol': 2.5}, {'systolicPressure': 1.7}),
        ({'glucose': 1.5}, {'age': 75}),
        ({'overweight': 1}, {'smoker': 1}),
    ],
)
def test_a_pair_makes_a_risk_and_half_a_pair_does_not(first, second):
    assert probability() < 0.1
    assert probability(**first) < 0.3
    assert probability(**second) < 0.3
    assert probability(**first, **second) > 0.7


def test_two_pairs_are_a_greater_risk_than_one():
    assert probability(overweight=1, smoker=1, glucose=1.5, age=75) > probability(overweight=1, smoker=1)


def test_no_factor_lowers_the_risk():
    inputs = generate_cohort(2000, seed=4).inputs
    for column, entry in enumerate(INPUTS):
        low, high = entry.range or (0, 1)
        raised = inputs.copy()
        raised[:, column] = np.minimum(raised[:, column] + np.float32(0.1 * (high - low)), np.float32(high))
        assert np.all(rule_probability(raised) >= rule_probability(inputs))


def test_the_small_effects_together_weigh_less_than_half_a_pair():
    assert sum(MAIN_EFFECTS.values()) < PAIR_WEIGHT / 2


def test_the_course_file_is_read_by_its_spanish_names_and_its_row_number_is_left_out(tmp_path):
    names = ['', *reversed(SPANISH_COLUMNS.values()), LABEL_COLUMN]
    file = tmp_path / 'course.csv'
    file.write_text(','.join(names) + '\n0,1,0,44,1.3,1.2,1.7,1\n', encoding='utf-8')
    cohort = load_course_data(file)
    assert cohort.inputs.tolist() == np.array([[1.7, 1.2, 1.3, 44, 0, 1]], dtype=np.float32).tolist()
    assert cohort.labels.tolist() == [1]


def test_the_course_rule_counts_a_value_from_the_first_step_above_its_cut_off():
    rows = np.array(
        [[2.0, 1.8, 1.0, 99, 1, 0], [2.1, 1.5, 0.5, 0, 0, 0], [1.0, 0.6, 1.1, 51, 0, 0], [1.0, 0.6, 2.0, 50, 0, 1]],
        dtype=np.float32,
    )
    assert course_rule(rows).tolist() == [0, 1, 1, 0]
