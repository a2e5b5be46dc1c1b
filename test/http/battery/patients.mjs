/** Who is asked about: rows for each model that ships. */

/** At risk, by the cardiac model. */
export const PATIENT = { cholesterol: 2.45, systolicPressure: 1.35, glucose: 1.75, age: 68, overweight: 0, smoker: 0 };
/** Not at risk. */
export const YOUNG_PATIENT = { ...PATIENT, cholesterol: 1.5, age: 25 };
export const PENGUIN = {
  island: 2,
  bill_length_mm: 45.5,
  bill_depth_mm: 15.5,
  flipper_length_mm: 215,
  body_mass_g: 4900,
  sex: 0,
};
export const SPINE = {
  pelvic_incidence: 60.5,
  pelvic_tilt: 17.5,
  lumbar_lordosis_angle: 52,
  sacral_slope: 43,
  pelvic_radius: 118,
  degree_spondylolisthesis: 26.5,
};

/** The columns of the cardiac model, as a spreadsheet of a place with decimal commas writes them; the second row is at fault. */
export const PATIENTS_CSV = [
  'id;age;cholesterol;systolicPressure;glucose;overweight;smoker',
  'A;68;2,45;1,35;1,75;0;0',
  'B;x;1,70;1,10;0,90;0;1',
  '',
].join('\n');

const SAMPLES = 20;
const SAMPLING_MINUTES = 5;
/** A forward fill reaches half an hour: what changes slowly is sent every half hour, and at the end. */
const SLOW_EVERY = 6;

/** Two hours of a monitor, every five minutes: one value of each signal, held all the time. */
function steadyWindow(values) {
  const observations = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const minutes = sample * SAMPLING_MINUTES;
    const time = `2026-01-31T${String(10 + Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, '0')}:00Z`;
    for (const [index, [signal, value]] of Object.entries(values).entries())
      if (index === 0 || sample % SLOW_EVERY === 0 || sample === SAMPLES - 1)
        observations.push({ signal, value, time });
  }
  return { observations };
}

export const STEADY_WINDOW = steadyWindow({
  perfusionIndex: 1.4,
  heartRate: 80,
  prematureVentricularCount: 0,
  bodyHeight: 170,
  bodyWeight: 75,
  pulseRate: 80,
  oxygenSaturation: 97,
  temperature: 36.8,
  respirationRate: 16,
});

export const SHOCK_WINDOW = steadyWindow({
  perfusionIndex: 0.3,
  heartRate: 118,
  prematureVentricularCount: 6,
  bodyHeight: 170,
  bodyWeight: 75,
  pulseRate: 116,
  oxygenSaturation: 86,
  temperature: 35.9,
  respirationRate: 31,
});
