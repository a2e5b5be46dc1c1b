"""`python -m training.shock.requests`: whole requests with Keras' answers, for tests of a server's feature pipeline.

golden.json begins behind the pipeline; these begin where a client does. Each case stresses something else: the order
of observations, how signals are named, units, offsets of times, other signals, several values at one time. The patients
are none of the cohort's.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from training.backend import keras  # before everything that may import keras

import numpy as np
import yaml

from training.golden import TOLERANCE, golden_document
from training.json_text import json_text
from training.keras_archive import load_archive
from training.manifest import IEEE_11073, LOINC, sha256
from training.shock.cohort import PATIENTS, Case, draw_cases
from training.shock.monitor import Observation
from training.shock.signals import CLASS_NAMES, COLUMNS, SIGNALS
from training.windows import WindowRefusedError, window_pipeline

ROOT = Path(__file__).resolve().parents[2]
VERSION_FOLDER = ROOT / 'models' / 'haemodynamic-shock' / '1.0.0'
OUTPUT = ROOT / 'test' / 'golden' / 'shock' / 'observations.json'
SEED = 7
BY_NAME = {signal.name: signal for signal in SIGNALS}
BLOOD_PRESSURE = '150021'
"""MDC_PRESS_BLD_NONINV_SYS: something that the model does not take."""

Change = Callable[[list[Observation], np.random.Generator], list[Observation]]


def _code(name: str, system: str) -> str:
    return next(code for its_system, code, _ in BY_NAME[name].codes if its_system == system)


def _as_recorded(observations: list[Observation], _: np.random.Generator) -> list[Observation]:
    return observations


def _shuffled(observations: list[Observation], rng: np.random.Generator) -> list[Observation]:
    return [observations[index] for index in rng.permutation(len(observations))]


def _by_monitor_codes(observations: list[Observation], _: np.random.Generator) -> list[Observation]:
    return [{**each, 'signal': _code(each['signal'], IEEE_11073)} for each in observations]


def _by_numbers(observations: list[Observation], _: np.random.Generator) -> list[Observation]:
    return [{**each, 'signal': int(_code(each['signal'], IEEE_11073))} for each in observations]


def _by_loinc_with_units(observations: list[Observation], _: np.random.Generator) -> list[Observation]:
    return [
        {**each, 'signal': _code(each['signal'], LOINC), 'unit': _unit(each['signal'], index)}
        for index, each in enumerate(observations)
    ]


def _unit(name: str, index: int) -> str:
    signal = BY_NAME[name]
    return signal.unit if index % 2 else signal.ucum or signal.unit


def _in_other_time_zones(observations: list[Observation], rng: np.random.Generator) -> list[Observation]:
    zones = [timezone(timedelta(hours=hours)) for hours in (-3, 1, 5.5)]
    return [
        {**each, 'time': datetime.fromisoformat(each['time']).astimezone(zones[rng.integers(len(zones))]).isoformat()}
        for each in observations
    ]


def _with_other_signals(observations: list[Observation], _: np.random.Generator) -> list[Observation]:
    """Each value of the pulse with a blood pressure a minute later, at a time that must not become a sample."""
    others = []
    for each in observations:
        others.append(each)
        if each['signal'] == 'pulseRate':
            later = datetime.fromisoformat(each['time']) + timedelta(minutes=1)
            others.append({'signal': BLOOD_PRESSURE, 'value': 110, 'time': later.isoformat()})
    return others


def _with_several_values(observations: list[Observation], rng: np.random.Generator) -> list[Observation]:
    """Every sixth value twice more, a little different."""
    several = []
    for index, each in enumerate(observations):
        several.append(each)
        if index % 6 == 0:
            low, high = BY_NAME[each['signal']].range
            for _ in range(2):
                value = float(np.clip(round(each['value'] * rng.uniform(0.97, 1.03), 2), low, high))
                several.append({**each, 'value': value})
    return several


CHANGES: dict[str, Change] = {
    'as recorded': _as_recorded,
    'in no order': _shuffled,
    'signals by their monitor codes': _by_monitor_codes,
    'signals by their monitor codes as numbers': _by_numbers,
    'signals by LOINC, with units': _by_loinc_with_units,
    'times with other offsets': _in_other_time_zones,
    'with signals that are not declared': _with_other_signals,
    'with several values at one time': _with_several_values,
}


def golden_requests(version: dict[str, bytes]) -> dict:
    """The document: for each case the row as a client sends it, the tensor behind the pipeline and Keras' scores.

    `version` holds manifest.yaml and model.keras.
    """
    manifest = yaml.safe_load(version['manifest.yaml'])
    model = load_archive(version['model.keras'])
    pipeline = window_pipeline(manifest)
    rng = np.random.default_rng(SEED)
    rows = [change(case.observations, rng) for change, case in zip(CHANGES.values(), _stressful_cases(pipeline))]
    tensors = np.stack([pipeline(observations) for observations in rows])
    answers = golden_document(COLUMNS, tensors, model.predict(tensors, verbose=0), f'keras {keras.__version__}')
    return {
        'description': 'Rows as a client sends them, with the tensor behind the pipeline and the scores of Keras.',
        'model': manifest['name'],
        'version': manifest['version'],
        'artifactSha256': sha256(version['model.keras']),
        'answeredBy': answers['answeredBy'],
        'tolerance': TOLERANCE,
        'classes': list(CLASS_NAMES),
        'columns': list(COLUMNS),
        'cases': [
            {'name': name, 'input': {'observations': observations}, 'tensor': tensor, 'scores': scores}
            for name, observations, tensor, scores in zip(
                CHANGES, rows, answers['inputs'], answers['outputs'], strict=True
            )
        ],
    }


def _stressful_cases(pipeline: Callable) -> Iterator[Case]:
    """One recording for each change, the states in turn: each with lost values and with values sent twice."""
    patient = PATIENTS
    for number in range(len(CHANGES)):
        state = CLASS_NAMES[number % len(CLASS_NAMES)]
        while True:
            patient += 1
            found = next((case for case in draw_cases(patient, SEED) if _is_stressful(case, state, pipeline)), None)
            if found:
                yield found
                break


def _is_stressful(case: Case, state: str, pipeline: Callable) -> bool:
    sent = [(each['signal'], each['time']) for each in case.observations]
    times = {time for _, time in sent}
    lost, twice = len(set(sent)) < len(times) * len(COLUMNS), len(set(sent)) < len(sent)
    if case.state != state or not lost or not twice:
        return False
    try:
        pipeline(case.observations)
    except WindowRefusedError:
        return False
    return True


def main() -> int:
    """Writes the requests for the version that ships."""
    parser = argparse.ArgumentParser(prog='python -m training.shock.requests', description=__doc__)
    parser.add_argument('--version-folder', type=Path, default=VERSION_FOLDER, metavar='FOLDER')
    parser.add_argument('--output', type=Path, default=OUTPUT, metavar='FILE')
    asked = parser.parse_args()
    version = {name: (asked.version_folder / name).read_bytes() for name in ('manifest.yaml', 'model.keras')}
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.write_text(json_text(golden_requests(version)), encoding='utf-8')
    print(f'{asked.output}: {len(CHANGES)} requests')
    return 0


if __name__ == '__main__':
    raise SystemExit(main())
