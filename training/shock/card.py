"""The model card (Mitchell et al. 2019, "Model Cards for Model Reporting"), every figure filled in by the run."""

from __future__ import annotations

from collections.abc import Sequence

from training.evaluation import wilson_interval
from training.manifest import LOINC
from training.markdown import figure, table
from training.shock.physiology import (
    ARREST,
    AUTOCORRELATION,
    COURSES,
    MASS_INDEX_OF_NO_EFFECT,
    ON_A_LOG_SCALE,
    OXYGEN_PER_MASS_INDEX,
    SEVERITY,
    SIGNS,
    SOURCES,
)
from training.shock.pipeline import WINDOW
from training.shock.signals import CLASSES, SIGNALS

TITLES = {entry['name']: entry['title'] for entry in CLASSES}
METRIC_TITLES = {
    'accuracy': 'Accuracy',
    'recall': 'Recall, mean of the classes',
    'f1': 'F1, mean of the classes',
    'auc': 'AUC against the rest, mean of the classes',
    'brier': 'Brier score (0 is best, 2 worst)',
    'logLoss': 'Log loss (0 is best)',
    'calibrationError': 'Expected calibration error, mean of the classes (0 is best)',
}
SIGN_TITLES = {
    'perfusionIndex': 'Perfusion index, %',
    'heartRate': 'Heart rate, /min',
    'ectopy': 'Premature ventricular contractions, /min',
    'oxygenSaturation': 'SpO2, %',
    'temperature': 'Temperature, °C',
    'respirationRate': 'Respiration, /min',
}


def model_card(
    manifest: dict,
    datasets: Sequence[dict],
    chosen: str,
    on_validation: dict[str, dict[str, float]],
    on_held_out: dict[str, dict],
    body: dict[str, float],
    arrests: dict[str, tuple[int, float]],
    training: dict,
) -> str:
    """card.md.

    `datasets` are those of evaluation.json; `chosen` the scaling that ships; `on_validation` its metrics and the
    other's on the validation windows, `on_held_out` the evaluations of both on the held-out ones; `body` the metrics
    on held-out windows with height and weight of other patients; `arrests` windows and recall of arrests that had
    begun by the end of the window and of those to come; `training` counts and settings.
    """
    train, held_out = datasets
    provenance = manifest['provenance']
    classes = [entry['class'] for entry in held_out['classMetrics']]
    return '\n\n'.join(
        [
            f'# {manifest["title"]} {manifest["version"]}',
            f'> **{manifest["notice"]}.**',
            manifest['description'],
            '## Intended use',
            'For: showing how a model on time series of vital signs is served, limited, recorded and audited; '
            'teaching; testing clients. Not for: any decision about a patient, monitoring, triage or alarms. No person\'s data '
            'went into it: it knows a simulator, and how well it does says how well it knows that simulator. It is not '
            'a medical device and was reviewed by no clinician.',
            '## What goes in, what comes out',
            'Observations of one patient: signal, value, time. A signal may be named by its name or by a code.',
            _signals_table(),
            f'The server makes a window of them: mean where a signal has several values at a time, sorted by time, the '
            f'last {WINDOW["samples"]} times, {WINDOW["samplingInterval"] // 60} minutes apart within '
            f'{WINDOW["tolerance"]} s (or a multiple, at most {WINDOW["longestGap"] // 60} minutes), over at most '
            f'{WINDOW["span"] // 60} minutes; a missing value is carried forward from earlier in the window, for '
            f'{WINDOW["longestForwardFill"] // 60} minutes at most. A window that is short, or has a sign with a gap '
            'left, is refused: nothing is guessed.',
            'Out: the probabilities of four states; the most probable is the answer.',
            table(['Class', 'State'], [[f'`{name}`', title] for name, title in TITLES.items()]),
            'The names are those of the thesis that first asked the question; its model and data are not used here.',
            '## Model',
            f'LSTM of {training["units"]} units and Dense {len(classes)} with softmax: {training["parameters"]:,} '
            'trained parameters.',
            '### Why it scales by constants',
            'Two pipelines were trained alike, on the same windows with the same seed: one scales each column by mean '
            'and deviation of the training windows (constants, written in the manifest), the other each column of '
            'each window by its own (as the thesis does). The one with the smaller log loss on the validation '
            f'patients ships: scaling {_by(chosen)} ({_losses(on_validation)}). On the held-out patients:',
            _comparison(on_held_out),
            'Scaled by the window, a sign that is steady at 60 looks like one that is steady at 120: height and weight '
            'become 0 throughout, and what is left is how signs move against themselves. That finds what changes '
            'within two hours, an arrest above all, and loses the level, which is most of what tells low output '
            f'from shock: there AUC falls from {_auc(on_held_out["constants"], "bajo_gasto_cardiaco")} to '
            f'{_auc(on_held_out["per window"], "bajo_gasto_cardiaco")}. In exchange the constants bind the model to '
            'monitors that measure as the simulated ones do: perfusion index differs between makers.',
            f'What it takes from height and weight: with those of other patients accuracy is '
            f'{figure(body["accuracy"])} instead of {figure(held_out["metrics"]["accuracy"])}, log loss '
            f'{figure(body["logLoss"])} instead of {figure(held_out["metrics"]["logLoss"])}. In this cohort they only '
            'explain some of the oxygen saturation.',
            '## Data: a simulated cohort',
            f'{training["patients"]:,} adults were drawn with seed {provenance["seed"]}, each with two recordings of '
            'two hours in states of their own; the four states are equally frequent, which they are in no hospital. '
            'A body is height and body mass index; sex and age are not observed. Signs start from healthy, go towards '
            f'their state by a severity between {SEVERITY[0]} and {SEVERITY[1]}, drift along its trend, and '
            f'fluctuate: from one sample to the next with autocorrelation {AUTOCORRELATION}, and together, as '
            'sympathetic tone drives heart and breathing and closes the skin. At severity 1:',
            _courses_table(),
            'From the beginning to the end of the recording; in brackets the deviation between patients (perfusion '
            'index and contractions: of the natural logarithm). Cardiac arrest: until the circulation stops.',
            f'- **Cardiac arrest** is one of the last {-ARREST.onset[0]:.0f} minutes or the next '
            f'{ARREST.onset[1]:.0f}: {100 * ARREST.non_shockable:.0f} % asystole or pulseless electrical activity, '
            'the rest ventricular tachycardia or fibrillation; perfusion goes, the oximeter finds no pulse or feels '
            'compressions, the ECG counts them at times, breaths become gasps.\n'
            '- **Pulse** follows the heart rate but for premature beats that never reach the finger, more of them the '
            'worse the output.\n'
            f'- **SpO2** is lower by {-OXYGEN_PER_MASS_INDEX} points for each kg/m² above '
            f'{MASS_INDEX_OF_NO_EFFECT:.0f}.\n'
            '- **The monitor** rounds, loses single values and whole samples, loses the finger probe and the '
            'electrodes for some samples, loses a weak pulse, takes motion for pulse and breath, counts T waves, lets '
            'the thermometer slip, corrects a value under the same time, and has a clock that is some seconds off.',
            'All numbers, with the source of each, stand in `training/shock/physiology.py`. A source says in which '
            'range a sign lies or which way it goes; the numbers were chosen within that by an engineer.',
            _rows_table(training),
            'No patient is in two sets. Refused recordings (a sign with no value at the beginning of the window, or '
            'none for too long) are refused by the server too; they are in no set and in no figure.',
            '## Training',
            f'Cross-entropy, AdamW with a learning rate of {training["learning_rate"]} falling to 0 along a cosine and '
            f'a weight decay of {training["weight_decay"]}, batches of {training["batch_size"]}, '
            f'{training["epochs"]} epochs, last weights kept. On validation patients the scaling was chosen, nothing '
            f'else; the size of the network is the thesis\'. {provenance["framework"]}.',
            '![Learning curves, confusion matrix, the cohort, ROC, calibration, classes](curves.png)',
            '## Results',
            _metrics_table(train, held_out),
            'In brackets: a 95 % confidence interval (Wilson) that takes windows for independent; there are two of a '
            'patient. Each class against the rest, held-out:',
            _classes_table(held_out),
            'Whom it takes for whom (rows: what the simulator drew, columns: what was answered), held-out:',
            _confusion_table(held_out),
            'The states overlap by construction: a mild shock is a low output, and an arrest that is still minutes '
            f'away is a shock: of {_counted(arrests["begun"])} arrests that had begun by the last sample '
            f'{_percent(arrests["begun"])} are called so, of {_counted(arrests["to come"])} to come in the next '
            f'minutes {_percent(arrests["to come"])}. An arrest under way is easy to see in this simulator. What of the errors '
            'is the overlap and what the network\'s was not measured.',
            '### Calibration on the held-out windows',
            'Mean predicted probability against observed share, by deciles of each class\'s probability:',
            _calibration_table(held_out),
            '## Limitations',
            '- Simulated patients only. The figures say nothing about people, and cannot be compared with those of '
            'models that were evaluated on people.\n'
            '- Blood pressure, lactate, urine output, drugs, ventilation and devices are not seen, though shock is '
            'defined by some of them. Sepsis, bleeding, tamponade, embolism, arrhythmia without shock, sleep, fever, '
            'exercise and pain do not exist in the cohort: each is answered as one of the four states.\n'
            '- No children, no pregnancy, no pacemakers, no atrial fibrillation.\n'
            '- Equal frequencies: where shock is rare its probability is far too high until recalibrated.\n'
            '- A value may be up to half an hour old when carried forward: a pulse can stand for one that has ceased.\n'
            '- Oximeters read too high in darker skin (Sjoding et al., N Engl J Med 2020;383:2477); the simulator '
            'knows no skin, and no subgroup of patients was evaluated.\n'
            '- An answer is no alarm: a monitor\'s own alarms are faster and see the curve.',
            '## How to repeat',
            f'`{provenance["command"]}` in the environment that training/README.md describes. On the same kind of '
            'processor it gives the same bytes; on another one the last digits of weights may differ.',
            '## Sources of the simulator',
            '\n'.join(f'{number}. {source}' for number, source in enumerate(SOURCES, start=1)),
        ]
    ) + '\n'


def _signals_table() -> str:
    rows = []
    for signal in SIGNALS:
        ieee, *loinc = signal.codes
        codes = ', '.join(code for system, code, _ in loinc if system == LOINC)
        name = f'`{signal.name}`'
        limits = f'{signal.range[0]:g} to {signal.range[1]:g}'
        rows.append([name, signal.title, limits, signal.unit, f'{ieee[1]} {ieee[2]}', f'LOINC {codes}'])
    return table(['Name', 'Meaning', 'Values', 'Unit', 'ISO/IEEE 11073-10101', 'Record'], rows)


def _courses_table() -> str:
    rows = []
    for sign in SIGNS:
        cells = []
        for state in TITLES:
            course = COURSES[state][sign]
            way = f'{course.start:g}' if course.start == course.end else f'{course.start:g} to {course.end:g}'
            cells.append(f'{way} ({course.between:g})')
        rows.append([SIGN_TITLES[sign] + (', median' if sign in ON_A_LOG_SCALE else ''), *cells])
    return table(['Sign', *TITLES.values()], rows)


def _rows_table(training: dict) -> str:
    sets = [[name, f'{patients:,}', f'{windows:,}'] for name, (patients, windows) in training['split'].items()]
    refused = [
        [f'{TITLES[name]}', f'{count:,}', f'{100 * training["refused"][name] / count:.1f} %']
        for name, count in training['episodes'].items()
    ]
    return (
        table(['Set', 'Patients', 'Windows'], sets)
        + '\n\n'
        + table(['State', 'Recordings', 'Refused by the pipeline'], refused)
    )


def _losses(metrics: dict[str, dict[str, float]]) -> str:
    return ', '.join(f'{_by(name)} {figure(values["logLoss"])}' for name, values in metrics.items())


def _comparison(evaluations: dict[str, dict]) -> str:
    rows = [
        [title, *[figure(entry['metrics'][name]) for entry in evaluations.values()]]
        for name, title in METRIC_TITLES.items()
    ]
    rows += [
        [f'AUC, {title}', *[_auc(entry, name) for entry in evaluations.values()]] for name, title in TITLES.items()
    ]
    return table(['Metric', *[f'Scaled {_by(name)}' for name in evaluations]], rows)


def _counted(part: tuple[int, float]) -> str:
    return f'{part[0]:,}'


def _percent(part: tuple[int, float]) -> str:
    return f'{100 * part[1]:.1f} %'


def _by(name: str) -> str:
    return name if name.startswith('per') else f'by {name}'


def _auc(evaluation: dict, name: str) -> str:
    return figure(next(entry['metrics']['auc'] for entry in evaluation['classMetrics'] if entry['class'] == name))


def _metrics_table(train: dict, held_out: dict) -> str:
    rows = []
    for name, title in METRIC_TITLES.items():
        value = figure(held_out['metrics'][name])
        if name == 'accuracy':
            low, high = wilson_interval(held_out['metrics'][name], held_out['rows'])
            value += f' ({figure(low)} to {figure(high)})'
        rows.append([title, value, figure(train['metrics'][name])])
    return table(['Metric', f'Held-out, {held_out["rows"]:,} windows', f'Training, {train["rows"]:,} windows'], rows)


def _classes_table(dataset: dict) -> str:
    names = ('precision', 'recall', 'f1', 'auc', 'brier', 'calibrationError')
    header = ['Precision', 'Recall', 'F1', 'AUC', 'Brier score', 'Calibration error']
    rows = [
        [TITLES[entry['class']], f'{count:,}', *[figure(entry['metrics'][name]) for name in names]]
        for entry, count in zip(dataset['classMetrics'], dataset['classCounts'], strict=True)
    ]
    return table(['State', 'Windows', *header], rows)


def _confusion_table(dataset: dict) -> str:
    matrix = dataset['confusionMatrix']
    rows = [
        [TITLES[name], *[f'{count:,}' for count in counts]]
        for name, counts in zip(matrix['classes'], matrix['counts'], strict=True)
    ]
    return table(['Drawn as', *TITLES.values()], rows)


def _calibration_table(dataset: dict) -> str:
    columns = [entry['bins'] for entry in dataset['calibration']]
    rows = [
        [str(number), *[f'{figure(entry["meanPredicted"])} / {figure(entry["observed"])}' for entry in bins]]
        for number, bins in enumerate(zip(*columns, strict=True), start=1)
    ]
    return table(['Decile', *TITLES.values()], rows)
