/** LSTM: the cell of `lstm-cell.ts` carried over time. */
import { defineRecurrence } from './recurrence.js';
import { readLstmCell } from './lstm-cell.js';

export const lstm = defineRecurrence(
  ['LSTM'],
  'every activation, sequences, states, both directions of time, masks, initial states; a stateful layer starts every request from zeros; no time_major',
  readLstmCell,
);
