/** A patient for tests of the cardiac model: the example of its manifest, at risk. */
export const PATIENT = { cholesterol: 2.45, systolicPressure: 1.35, glucose: 1.75, age: 68, overweight: 0, smoker: 0 };
