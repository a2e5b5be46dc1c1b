"""Every number of the simulator, in one place, with where it comes from.

A source says in which range a sign lies, or which way it goes. The numbers themselves are chosen within that, by an
engineer and not by a clinician, so that the states overlap as they do at the bedside. They describe no population.
"""

from __future__ import annotations

from dataclasses import dataclass

SAMPLING_INTERVAL = 300
"""Seconds between two samples."""
RECORDED_SAMPLES = 24
"""Samples of one recording, two hours: a few more than the window takes, so that a lost one does not end it."""
ONSET_SAMPLES = 12
"""Samples from the first sign of illness to its full severity, an hour, in a recording that begins in health."""


@dataclass(frozen=True)
class Course:
    """One sign in one state at full severity, in the sign's unit; perfusion index and ectopy: medians and, for the
    spreads, standard deviations of the natural logarithm."""

    start: float
    """Typical value at the beginning of the recording."""
    end: float
    """Typical value at its end; between them a straight line."""
    between: float
    """Standard deviation between patients in this state."""
    within: float
    """Standard deviation of the slow fluctuation within a patient."""


SIGNS = ('perfusionIndex', 'heartRate', 'ectopy', 'oxygenSaturation', 'temperature', 'respirationRate')
"""What the body does. `ectopy` is the rate of premature ventricular contractions per minute; the count that a monitor
shows is drawn from it, and so is the pulse that the oximeter feels (monitor.py)."""
ON_A_LOG_SCALE = ('perfusionIndex', 'ectopy')

COURSES: dict[str, dict[str, Course]] = {
    'sano': {
        'perfusionIndex': Course(1.40, 1.40, between=0.30, within=0.22),    # [1] median of healthy volunteers
        'heartRate': Course(74, 74, between=10, within=4),                  # [2] 51 to 90
        'ectopy': Course(0.05, 0.05, between=1.2, within=0.5),              # [3] few, in about two in five people
        'oxygenSaturation': Course(97.6, 97.6, between=0.9, within=0.6),    # [4] mean 97.6, median 98
        'temperature': Course(36.8, 36.8, between=0.30, within=0.08),       # [2] 36.1 to 38.0
        'respirationRate': Course(16, 16, between=2.3, within=1.5),         # [2] 12 to 20
    },
    'bajo_gasto_cardiaco': {
        'perfusionIndex': Course(0.80, 0.72, between=0.35, within=0.25),    # [1] vasoconstriction: below 1.4
        'heartRate': Course(91, 94, between=13, within=4),                  # [5] compensation by rate
        'ectopy': Course(1.0, 1.0, between=1.2, within=0.6),                # [6]
        'oxygenSaturation': Course(95.2, 94.6, between=1.5, within=0.8),    # [5] with or without congestion
        'temperature': Course(36.5, 36.4, between=0.35, within=0.08),       # [1] cool periphery
        'respirationRate': Course(20, 21, between=3.0, within=1.8),         # [5]
    },
    'shock_cardiogenico': {
        'perfusionIndex': Course(0.42, 0.30, between=0.45, within=0.30),    # [1] [7] cold, mottled
        'heartRate': Course(101, 109, between=18, within=5),                # [7] about 90 to 105 at admission
        'ectopy': Course(2.5, 3.5, between=1.2, within=0.7),                # [6]
        'oxygenSaturation': Course(92.5, 90.5, between=2.6, within=1.3),    # [7] pulmonary congestion
        'temperature': Course(36.2, 36.0, between=0.50, within=0.10),       # [7] hypoperfusion
        'respirationRate': Course(25, 28, between=4.5, within=2.3),         # [7] congestion and acidosis
    },
    # Until the circulation stops. What happens then is ARREST, below.
    'arresto_cardiaco': {
        'perfusionIndex': Course(0.55, 0.32, between=0.50, within=0.32),    # [1]
        'heartRate': Course(96, 100, between=21, within=6),                 # [8] mean 88 to 99 in the last four hours
        'ectopy': Course(3.0, 7.0, between=1.3, within=0.8),                # [6] ectopy before ventricular fibrillation
        'oxygenSaturation': Course(92.8, 89.5, between=3.2, within=1.5),    # [9] low and fluctuating
        'temperature': Course(36.4, 36.2, between=0.60, within=0.10),       # [8] mean 36.3 to 36.4
        'respirationRate': Course(24, 28, between=5.5, within=2.6),         # [10] the best single predictor
    },
}  # fmt: skip

SEVERITY = (0.5, 1.2)
"""How far an episode goes from healthy (0) to its state's course (1), uniform: mild cases look like the neighbours."""
TREND = (1.0, 0.5)
"""Mean and deviation of the factor on the trend: some get worse faster, some recover for a while."""

AUTOCORRELATION = 0.8
"""Of the fluctuations from one sample to the next, five minutes later (a first-order autoregression)."""
SYMPATHETIC = {'heartRate': 0.7, 'respirationRate': 0.5, 'perfusionIndex': -0.6}
"""Correlation of a sign's fluctuation with the sympathetic tone: it drives heart and breathing and closes the skin."""


@dataclass(frozen=True)
class Body:
    """Adults of one sex. Sex and age are not observed; a body is drawn as height and body mass index."""

    height: tuple[float, float]
    """Mean and deviation, cm."""
    mass_index: tuple[float, float]
    """Median in kg/m² and deviation of its logarithm."""


BODIES = (Body((175.3, 7.5), (28.8, 0.20)), Body((161.3, 7.0), (28.6, 0.24)))
"""Men and women, half each. [11]: mean heights of about 175 and 161 cm, mean weights of about 91 and 78 kg."""
OXYGEN_PER_MASS_INDEX = -0.14
"""Percentage points of SpO2 for each kg/m² above 25. [4]: −1.4 for 10 kg/m²."""
MASS_INDEX_OF_NO_EFFECT = 25.0
FINGER = 0.55
"""Deviation of the logarithm of the perfusion index between fingers, probes and skins, the same in all of a patient's
episodes. [1]: quartiles of healthy volunteers 0.7 and 3.0."""
RESTING_HEART_RATE = 6.0
"""Deviation between people, /min, the same in all of a patient's episodes."""


@dataclass(frozen=True)
class Arrest:
    """What happens when the circulation stops."""

    onset: tuple[float, float] = (-60, 10)
    """Minutes from the end of the recording, uniform: an arrest of the last hour or the next ten minutes."""
    non_shockable: float = 0.81
    """Share of asystole or pulseless electrical activity as the first rhythm. [12]"""
    asystole: float = 0.5
    """Share of asystole among those."""
    electrical_rate: tuple[float, float] = (15, 60)
    """Pulseless electrical activity, /min."""
    decay: tuple[float, float] = (2, 10)
    """Minutes in which the rate falls to 1/e of the way."""
    fibrillation_rate: tuple[float, float] = (200, 40)
    """What a monitor counts in ventricular tachycardia or fibrillation, /min: mean, deviation."""
    perfusion: float = 0.15
    """Factor on the perfusion index."""
    desaturation: tuple[float, float] = (8, 30)
    """Percentage points that SpO2 loses, where the oximeter still shows one."""
    breaths: tuple[float, float] = (6, 4)
    """Gasps, or ventilation at ten a minute [13]: mean, deviation."""
    compressions: float = 0.25
    """Share of samples in which the ECG counts chest compressions instead."""
    compression_rate: tuple[float, float] = (100, 120)
    """/min. [13]"""
    pulse_lost: float = 0.45
    """Share of samples in which the oximeter finds no pulse and shows nothing."""


ARREST = Arrest()


@dataclass(frozen=True)
class Monitor:
    """What goes wrong between the body and the record. Chances are for one sample. [14] [15]"""

    lost: float = 0.004
    """One value is missing."""
    silent: float = 0.005
    """All values of a time are missing."""
    probe_off: tuple[float, int] = (0.006, 4)
    """The finger probe comes off: the chance, and for how many samples at most. No perfusion index, pulse, SpO2."""
    leads_off: tuple[float, int] = (0.003, 3)
    """The electrodes come off: no heart rate, ectopy, respiration."""
    weak_pulse: tuple[float, float] = (0.2, 0.12)
    """Below this perfusion index the oximeter shows neither pulse nor SpO2 with this chance."""
    motion: float = 0.015
    """Motion of the finger: pulse and SpO2 are wrong, perfusion looks better than it is."""
    miscounted: float = 0.008
    """T waves or movement are counted as beats and as ectopy."""
    chest_motion: float = 0.02
    """Movement of the chest is counted as breaths, or breaths are missed."""
    thermometer_slipped: tuple[float, int] = (0.004, 3)
    """The probe measures the room's share: some degrees too low."""
    sent_twice: float = 0.005
    """A value is corrected a moment later, under the same time."""
    clock: int = 10
    """Seconds by which a sample is early or late at most."""
    lost_beats: tuple[float, float] = (0.4, 0.4)
    """Share of premature beats that never reach the finger: in health, and how much more at full severity."""


MONITOR = Monitor()

SOURCES = (
    'Lima AP, Beelen P, Bakker J. Use of a peripheral perfusion index derived from the pulse oximetry signal as a '
    'noninvasive indicator of perfusion. Crit Care Med 2002;30:1210.',
    'Royal College of Physicians. National Early Warning Score (NEWS) 2. London 2017: the values that score 0.',
    'Hingorani P et al. Arrhythmias seen in baseline 24-hour Holter ECG recordings in healthy normal volunteers '
    'during phase 1 clinical trials. J Clin Pharmacol 2016;56:885.',
    'Kapur VK et al. Obesity is associated with a lower resting oxygen saturation in the ambulatory elderly. Respir '
    'Care 2013;58:831.',
    'Lomivorotov VV et al. Low-cardiac-output syndrome after cardiac surgery. J Cardiothorac Vasc Anesth 2017;31:291; '
    'no source gives these signs as numbers: they were put between health and shock.',
    'Bayés de Luna A, Coumel P, Leclercq JF. Ambulatory sudden cardiac death: mechanisms of production of fatal '
    'arrhythmia on the basis of data from 157 cases. Am Heart J 1989;117:151: direction only.',
    'Hochman JS et al. (SHOCK). N Engl J Med 1999;341:625; Harjola VP et al. (CardShock). Eur J Heart Fail '
    '2015;17:501; Menon V, Hochman JS. Heart 2002;88:531.',
    'Churpek MM et al. Differences in vital signs between elderly and non-elderly patients prior to ward cardiac '
    'arrest. Crit Care Med 2015;43:816.',
    'Tsai CL et al. Trajectories of vital signs and risk of in-hospital cardiac arrest. Front Med 2022;8:800943.',
    'Churpek MM et al. Derivation of a cardiac arrest prediction model using ward vital signs. Crit Care Med '
    '2012;40:2102; Andersen LW et al. Resuscitation 2016;98:112.',
    'Fryar CD et al. Anthropometric reference data for children and adults: United States, 2015–2018. National Center '
    'for Health Statistics, Vital Health Stat 3(46), 2021.',
    'Andersen LW et al. In-hospital cardiac arrest: a review. JAMA 2019;321:1200.',
    'Panchal AR et al. Adult basic and advanced life support: 2020 American Heart Association guidelines. Circulation '
    '2020;142(16 Suppl 2):S366.',
    'Petterson MT, Begnoche VL, Graybeal JM. The effect of motion on pulse oximetry and its clinical significance. '
    'Anesth Analg 2007;105(6 Suppl):S78.',
    'Drew BJ et al. Insights into the problem of alarm fatigue with physiologic monitor devices. PLoS ONE '
    '2014;9:e110274.',
)
"""[1] to [15], in order."""
