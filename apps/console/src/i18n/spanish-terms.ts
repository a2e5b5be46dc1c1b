/** The clinical words of the shipped models in Spanish: by code where there is one, else by the manifest's own English words. */

/** By system and code, as `http://loinc.org|30525-0`: a model of one's own with the same codes gets the same names. */
export const TITLES_BY_CODE: Readonly<Record<string, string>> = {
  'http://loinc.org|2093-3': 'Colesterol total',
  'http://loinc.org|8480-6': 'Presión arterial sistólica',
  'http://loinc.org|8462-4': 'Presión arterial diastólica',
  'http://loinc.org|2345-7': 'Glucosa',
  'http://loinc.org|30525-0': 'Edad',
  'http://snomed.info/sct|238131007': 'Sobrepeso',
  'http://loinc.org|72166-2': 'Consumo de tabaco',
  'http://loinc.org|61006-3': 'Índice de perfusión',
  'http://loinc.org|8867-4': 'Frecuencia cardíaca',
  'http://loinc.org|76126-2': 'Extrasístoles ventriculares',
  'http://loinc.org|8302-2': 'Talla',
  'http://loinc.org|29463-7': 'Peso',
  'http://loinc.org|8889-8': 'Frecuencia de pulso',
  'http://loinc.org|59408-5': 'Saturación de oxígeno',
  'http://loinc.org|2708-6': 'Saturación de oxígeno',
  'http://loinc.org|8310-5': 'Temperatura',
  'http://loinc.org|9279-1': 'Frecuencia respiratoria',
  // ISO/IEEE 11073-10101, its context-free codes.
  'urn:iso:std:iso:11073:10101|150488': 'Índice de perfusión',
  'urn:iso:std:iso:11073:10101|147842': 'Frecuencia cardíaca',
  'urn:iso:std:iso:11073:10101|148066': 'Extrasístoles ventriculares',
  'urn:iso:std:iso:11073:10101|188740': 'Talla',
  'urn:iso:std:iso:11073:10101|188736': 'Peso',
  'urn:iso:std:iso:11073:10101|149530': 'Frecuencia de pulso',
  'urn:iso:std:iso:11073:10101|150456': 'Saturación de oxígeno',
  'urn:iso:std:iso:11073:10101|150344': 'Temperatura',
  'urn:iso:std:iso:11073:10101|151578': 'Frecuencia respiratoria',
};

/** By the English words of the shipped manifests. Whoever writes other words is shown those. */
export const WORDS: Readonly<Record<string, string>> = {
  // Models
  'Cardiac risk': 'Riesgo cardíaco',
  'Haemodynamic shock': 'Shock hemodinámico',
  'Penguin species': 'Especie de pingüino',
  'Vertebral column': 'Columna vertebral',
  'Whether a patient is at cardiac risk, from cholesterol, systolic pressure, glucose, age, overweight and smoking: a small neural network (Dense 14-7-1) trained on a synthetic cohort with a documented rule.':
    'Si un paciente tiene riesgo cardíaco, a partir del colesterol, la presión sistólica, la glucosa, la edad, el sobrepeso y el tabaco: una red neuronal pequeña (Dense 14-7-1), entrenada con una cohorte sintética de regla documentada.',
  'In which of four haemodynamic states a monitored patient is, from the last 20 samples of nine signs, five minutes apart: an LSTM of 50 units trained on windows from a documented physiological simulator.':
    'En cuál de cuatro estados hemodinámicos está un paciente monitorizado, a partir de las últimas 20 muestras de nueve signos, una cada cinco minutos: una LSTM de 50 unidades, entrenada con ventanas de un simulador fisiológico documentado.',
  'Which of three species a penguin of the Palmer Archipelago is, from its bill, flippers, body mass, sex and island. Logistic regression, made with scikit-learn.':
    'De cuál de tres especies es un pingüino del archipiélago Palmer, a partir de su pico, sus aletas, su masa, su sexo y su isla. Regresión logística, hecha con scikit-learn.',
  'Which of three species a penguin of the Palmer Archipelago is, from its bill, flippers, body mass, sex and island. Random forest, made with scikit-learn.':
    'De cuál de tres especies es un pingüino del archipiélago Palmer, a partir de su pico, sus aletas, su masa, su sexo y su isla. Bosque aleatorio, hecho con scikit-learn.',
  'Which of three species a penguin of the Palmer Archipelago is, from its bill, flippers, body mass, sex and island. Support vector machine, made with scikit-learn.':
    'De cuál de tres especies es un pingüino del archipiélago Palmer, a partir de su pico, sus aletas, su masa, su sexo y su isla. Máquina de vectores de soporte, hecha con scikit-learn.',
  'Whether an orthopaedic patient has a disk hernia, spondylolisthesis or neither, from six measures of the shape and orientation of pelvis and lumbar spine. Logistic regression, made with scikit-learn.':
    'Si un paciente de traumatología tiene una hernia discal, una espondilolistesis o ninguna de las dos, a partir de seis medidas de la forma y la orientación de la pelvis y la columna lumbar. Regresión logística, hecha con scikit-learn.',
  // Inputs
  Smoker: 'Fumador',
  Island: 'Isla',
  'Bill length': 'Longitud del pico',
  'Bill depth': 'Grosor del pico',
  'Flipper length': 'Longitud de la aleta',
  'Body mass': 'Masa corporal',
  Sex: 'Sexo',
  'Pelvic incidence': 'Incidencia pélvica',
  'Pelvic tilt': 'Versión pélvica',
  'Lumbar lordosis angle': 'Ángulo de lordosis lumbar',
  'Sacral slope': 'Pendiente sacra',
  'Pelvic radius': 'Radio pélvico',
  'Grade of spondylolisthesis': 'Grado de espondilolistesis',
  'Total cholesterol in serum. 1 g/L is 100 mg/dL or 2.586 mmol/L.':
    'Colesterol total en suero. 1 g/L son 100 mg/dL o 2,586 mmol/L.',
  'Systolic blood pressure in units of 100 mmHg: 1.4 stands for 140 mmHg.':
    'Presión arterial sistólica en unidades de 100 mmHg: 1,4 significa 140 mmHg.',
  'Glucose in serum or plasma. 1 g/L is 100 mg/dL or 5.551 mmol/L.':
    'Glucosa en suero o plasma. 1 g/L son 100 mg/dL o 5,551 mmol/L.',
  'Age in completed years.': 'Edad en años cumplidos.',
  'Whether the patient is overweight.': 'Si el paciente tiene sobrepeso.',
  'Whether the patient smokes tobacco.': 'Si el paciente fuma tabaco.',
  'Island of the Palmer Archipelago on which the penguin breeds.': 'Isla del archipiélago Palmer en la que cría.',
  'As the data set states it, without a unit.': 'Tal como consta en el conjunto de datos, sin unidad.',
  'How far the vertebra has slipped, as the data set states it, without a unit.':
    'Cuánto se ha desplazado la vértebra, tal como consta en el conjunto de datos, sin unidad.',
  // Signals
  'What a bedside monitor recorded of one patient over about two hours, a value every five minutes. Other signals may be sent and are not used.':
    'Lo que un monitor de cabecera registró de un paciente durante unas dos horas, un valor cada cinco minutos. Pueden enviarse otras señales, que no se usan.',
  'Pulsatile part of the light that the oximeter receives, as a percentage of the constant part.':
    'Parte pulsátil de la luz que recibe el oxímetro, en porcentaje de la parte constante.',
  'From the ECG.': 'Del ECG.',
  'How many the ECG showed in the last minute. LOINC has the number only, not a rate.':
    'Cuántas mostró el ECG en el último minuto. LOINC tiene solo el número, no una frecuencia.',
  'From the pulse oximeter: beats that reach the finger.': 'Del pulsioxímetro: latidos que llegan al dedo.',
  'SpO2, from the pulse oximeter.': 'SpO2, del pulsioxímetro.',
  'From the impedance of the chest.': 'De la impedancia del tórax.',
  // Units and values
  years: 'años',
  Yes: 'Sí',
  No: 'No',
  Female: 'Hembra',
  Male: 'Macho',
  // Examples to start from
  'At risk': 'Con riesgo',
  'Not at risk': 'Sin riesgo',
  'Near the threshold': 'Cerca del umbral',
  // Data sets of evaluations
  'Training rows of the synthetic cohort': 'Filas de entrenamiento de la cohorte sintética',
  'Held-out fifth of the synthetic cohort': 'Quinta parte reservada de la cohorte sintética',
  'Public course data set': 'Conjunto de datos público del curso',
  'Windows of the training patients': 'Ventanas de los pacientes de entrenamiento',
  'Windows of the held-out fifth of the patients': 'Ventanas de la quinta parte de pacientes reservada',
  'Training rows': 'Filas de entrenamiento',
  'Held-out rows': 'Filas reservadas',
};
