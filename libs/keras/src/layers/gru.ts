/** GRU: the cell of `gru-cell.ts` carried over time. */
import { readGruCell } from './gru-cell.js';
import { defineRecurrence } from './recurrence.js';

export const gru = defineRecurrence(['GRU'], 'as LSTM, with reset_after and without', readGruCell);
