"""What is observed: nine signs of a bedside monitor, with the codes under which monitors and records know them.

Codes: ISO/IEEE 11073-10101 (the nomenclature that monitors speak) and LOINC; units in UCUM. A range is what is
physically possible on such a device. It refuses slips of the keyboard, not sick patients.
"""

from __future__ import annotations

from training.manifest import IEEE_11073, LOINC, Signal

SIGNALS = (
    Signal(
        'perfusionIndex', 'Perfusion index', example=1.4, unit='%', range=(0.0, 30.0),
        codes=((IEEE_11073, '150488', 'MDC_BLD_PERF_INDEX'),
               (LOINC, '61006-3', 'Perfusion index Tissue by Pulse oximetry')),
        description='Pulsatile part of the light that the oximeter receives, as a percentage of the constant part.',
    ),
    Signal(
        'heartRate', 'Heart rate', example=80, unit='/min', range=(0, 350),
        codes=((IEEE_11073, '147842', 'MDC_ECG_HEART_RATE'), (LOINC, '8867-4', 'Heart rate')),
        description='From the ECG.',
    ),
    Signal(
        'prematureVentricularCount', 'Premature ventricular contractions', example=0, unit='/min', range=(0, 300),
        codes=((IEEE_11073, '148066', 'MDC_ECG_V_P_C_RATE'),
               (LOINC, '76126-2', 'Premature ventricular contractions [#]')),
        description='How many the ECG showed in the last minute. LOINC has the number only, not a rate.',
    ),
    Signal(
        'bodyHeight', 'Body height', example=170, unit='cm', range=(100, 250),
        codes=((IEEE_11073, '188740', 'MDC_LEN_BODY_ACTUAL'), (LOINC, '8302-2', 'Body height')),
    ),
    Signal(
        'bodyWeight', 'Body weight', example=75, unit='kg', range=(20, 400),
        codes=((IEEE_11073, '188736', 'MDC_MASS_BODY_ACTUAL'), (LOINC, '29463-7', 'Body weight')),
    ),
    Signal(
        'pulseRate', 'Pulse rate', example=80, unit='/min', range=(0, 350),
        codes=((IEEE_11073, '149530', 'MDC_PULS_OXIM_PULS_RATE'), (LOINC, '8889-8', 'Heart rate by Pulse oximetry')),
        description='From the pulse oximeter: beats that reach the finger.',
    ),
    Signal(
        'oxygenSaturation', 'Oxygen saturation', example=97, unit='%', range=(0, 100),
        codes=((IEEE_11073, '150456', 'MDC_PULS_OXIM_SAT_O2'),
               (LOINC, '59408-5', 'Oxygen saturation in Arterial blood by Pulse oximetry'),
               (LOINC, '2708-6', 'Oxygen saturation in Arterial blood')),
        description='SpO2, from the pulse oximeter.',
    ),
    Signal(
        'temperature', 'Temperature', example=36.8, unit='°C', ucum='Cel', range=(20.0, 45.0),
        codes=((IEEE_11073, '150344', 'MDC_TEMP'), (LOINC, '8310-5', 'Body temperature')),
    ),
    Signal(
        'respirationRate', 'Respiration rate', example=16, unit='/min', range=(0, 150),
        codes=((IEEE_11073, '151578', 'MDC_TTHOR_RESP_RATE'), (LOINC, '9279-1', 'Respiratory rate')),
        description='From the impedance of the chest.',
    ),
)  # fmt: skip
COLUMNS = tuple(signal.name for signal in SIGNALS)

CLASSES = (
    {'name': 'arresto_cardiaco', 'title': 'Cardiac arrest'},
    {'name': 'bajo_gasto_cardiaco', 'title': 'Low cardiac output'},
    {'name': 'sano', 'title': 'Healthy'},
    {'name': 'shock_cardiogenico', 'title': 'Cardiogenic shock'},
)
CLASS_NAMES = tuple(entry['name'] for entry in CLASSES)
