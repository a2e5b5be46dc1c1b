"""Makes vital_signs.csv: eighteen hours of one simulated patient who falls ill and recovers, as a monitor records it.

    python clients/python/make_series.py > clients/python/vital_signs.csv

Needs NumPy and the training kit beside it (training/requirements.txt): the patient, the states and the monitor are the simulator's own that
the shock model was trained on. A stage of two hours is in one state, or goes from one to the next; the signs of the two are mixed meanwhile.
"""

from __future__ import annotations

import csv
import sys
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from training.shock.monitor import record  # noqa: E402
from training.shock.physiology import RECORDED_SAMPLES, SAMPLING_INTERVAL  # noqa: E402
from training.shock.simulator import Episode, draw_episode, draw_patient  # noqa: E402

SEED = 227
"""One of those whose patient falls gravely ill: most are mild, and the model doubts."""
STAGES = ('sano', 'bajo_gasto_cardiaco', 'shock_cardiogenico', 'bajo_gasto_cardiaco', 'sano')
TIME_FORMAT = '%Y-%m-%dT%H:%M:%SZ'


def mixed(before: Episode, after: Episode) -> Episode:
    """An episode from one to the other. Both are read backwards: so it begins where the one ended and ends where the other begins.

    Perfusion, whose scale is logarithmic, is mixed as a logarithm.
    """
    share = np.linspace(0, 1, RECORDED_SAMPLES)
    signs = {}
    for sign in before.signs:
        first, second = before.signs[sign][::-1], after.signs[sign][::-1]
        if sign == 'perfusionIndex':
            signs[sign] = np.exp((1 - share) * np.log(first) + share * np.log(second))
        else:
            signs[sign] = (1 - share) * first + share * second
    severity = max(before.severity, after.severity)
    return Episode(before.patient, after.state, severity, signs, np.zeros(RECORDED_SAMPLES, dtype=bool))


def main() -> None:
    rng = np.random.default_rng(SEED)
    patient = draw_patient(rng)
    stages = [draw_episode(patient, state, rng) for state in STAGES]
    episodes = [stages[0]]
    for before, after in zip(stages, stages[1:]):
        episodes += [mixed(before, after), after]
    writer = csv.writer(sys.stdout, lineterminator='\n')
    writer.writerow(('time', 'signal', 'value'))
    for index, episode in enumerate(episodes):
        later = timedelta(seconds=index * RECORDED_SAMPLES * SAMPLING_INTERVAL)
        for observation in record(episode, rng):
            time = datetime.strptime(str(observation['time']), TIME_FORMAT) + later
            writer.writerow((time.strftime(TIME_FORMAT), observation['signal'], f'{observation["value"]:g}'))


if __name__ == '__main__':
    main()
