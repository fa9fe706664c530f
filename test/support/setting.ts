/** FAULTS=long: the fault suite as far as it goes. Without, what CI has the time for. */
export const IS_LONG = process.env.FAULTS === 'long';

/** Of what is drawn at random; FAULTS_SEED repeats a run. */
export const SEED = Number(process.env.FAULTS_SEED ?? 20_261_126);
