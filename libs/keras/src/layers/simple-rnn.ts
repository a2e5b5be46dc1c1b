/** SimpleRNN: the cell of `simple-rnn-cell.ts` carried over time. */
import { defineRecurrence } from './recurrence.js';
import { readSimpleRnnCell } from './simple-rnn-cell.js';

export const simpleRnn = defineRecurrence(['SimpleRNN'], 'as LSTM', readSimpleRnnCell);
