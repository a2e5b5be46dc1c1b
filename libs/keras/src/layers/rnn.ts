/** RNN: a cell, or a stack of cells of which each takes the output of the one below, carried over time. */
import { requireFloatPolicy } from '../config/dtype.js';
import { carriesMasksAsMultiBackend, isAtLeast, isMultiBackend } from '../config/keras-version.js';
import { LayerConfig } from '../config/layer-config.js';
import { readLayerIdentity } from '../config/saved-config.js';
import { below, frozen } from '../container/weight-spec.js';
import { snakeCase } from '../container/weight-store.js';
import { readGruCell } from './gru-cell.js';
import { readLstmCell } from './lstm-cell.js';
import { defineRecurrence } from './recurrence.js';
import { required, type RecurrentCell } from './recurrent-cell.js';
import { readSimpleRnnCell } from './simple-rnn-cell.js';

export const rnn = defineRecurrence(
  ['RNN'],
  'around LSTMCell, GRUCell, SimpleRNNCell and StackedRNNCells of them; otherwise as LSTM',
  (config) => readCell(config.raw('cell'), config),
);

/** More cells than this in a stack is no model that anybody trained. */
const highestStack = 256;

function readCell(saved: unknown, layer: LayerConfig): RecurrentCell {
  const { name, className, options } = readLayerIdentity(saved);
  const config = new LayerConfig(name, className, layer.context, options);
  requireFloatPolicy(config);
  const cell = readKnownCell(config, layer);
  return options['trainable'] === false ? { ...cell, weights: (inputSize) => frozen(cell.weights(inputSize)) } : cell;
}

function readKnownCell(config: LayerConfig, layer: LayerConfig): RecurrentCell {
  switch (config.className) {
    case 'LSTMCell':
      return readLstmCell(config);
    case 'GRUCell':
      return readGruCell(config);
    case 'SimpleRNNCell':
      return readSimpleRnnCell(config);
    case 'StackedRNNCells':
      return readStack(config, layer);
    default:
      throw layer.refuse(
        'unsupported-layer',
        `its cell is a ${config.className}, which is not read; use a cell that is.`,
      );
  }
}

function readStack(config: LayerConfig, layer: LayerConfig): RecurrentCell {
  const saved = config.raw('cells');
  if (!Array.isArray(saved) || saved.length === 0 || saved.length > highestStack)
    throw layer.refuse('invalid-config', 'its cells should be a list; save the model again.');
  const identities = (saved as unknown[]).map(readLayerIdentity);
  if (identities.some(({ className }) => className === 'StackedRNNCells'))
    throw layer.refuse('unsupported-option', 'stacks in stacks are not read; use one stack of cells.');
  const cells = (saved as unknown[]).map((cell) => readCell(cell, layer));
  const seen = new Map<string, number>();
  const groups = identities.map(({ className }) => {
    const stem = snakeCase(className);
    const number = seen.get(stem) ?? 0;
    seen.set(stem, number + 1);
    return number === 0 ? stem : `${stem}_${number}`;
  });
  const multiBackend = isMultiBackend(config.keras);
  // Until Keras 2.2.2 the states of the topmost cell come first, later only where that is asked for, which 2.2.3 to 2.3 forget.
  const reversed = multiBackend ? !isAtLeast(config.keras, 2, 2, 3) : config.boolean('reverse_state_order', false);
  const cell = stack(cells, groups, reversed);
  // Keras before 2.3 takes the first of the states for the last output, whichever cell it is of.
  return carriesMasksAsMultiBackend(config.keras) ? { ...cell, maskedState: 0 } : cell;
}

/** `groups`: where each cell's weights stand in a `.keras` archive. */
function stack(cells: readonly RecurrentCell[], groups: readonly string[], reversed: boolean): RecurrentCell {
  const order = cells.map((_, index) => (reversed ? cells.length - 1 - index : index));
  const stateSizes = order.flatMap((index) => required(cells[index]).stateSizes);
  const firstState = (cell: number): number =>
    order.slice(0, order.indexOf(cell)).reduce((sum, index) => sum + required(cells[index]).stateSizes.length, 0);
  const weightCounts = cells.map((cell) => cell.weights(1).length);
  const ownOf = <T>(weights: readonly T[], cell: number): readonly T[] => {
    const start = weightCounts.slice(0, cell).reduce((sum, count) => sum + count, 0);
    return weights.slice(start, start + (weightCounts[cell] ?? 0));
  };
  /** The states of all cells after a step; `stepOf` computes one cell from the output of the one below. */
  const climb = <Value>(
    input: Value,
    states: readonly Value[],
    stepOf: (cell: RecurrentCell, index: number, input: Value, states: readonly Value[]) => Value[],
  ): Value[] => {
    const after = [...states];
    cells.reduce((below, cell, index) => {
      const start = firstState(index);
      const next = stepOf(cell, index, below, states.slice(start, start + cell.stateSizes.length));
      after.splice(start, next.length, ...next);
      return required(next[cell.outputState]);
    }, input);
    return after;
  };
  const top = required(cells.at(-1));
  return {
    outputSize: top.outputSize,
    stateSizes,
    outputState: firstState(cells.length - 1) + top.outputState,
    weights: (inputSize) =>
      cells.flatMap((cell, index) =>
        below(cell.weights(cells[index - 1]?.outputSize ?? inputSize), 'cells', required(groups[index])),
      ),
    onnxInput: (scope, sequence, weights) => required(cells[0]).onnxInput(scope, sequence, ownOf(weights, 0)),
    onnxStep: (scope, input, states, weights) =>
      climb(input, states, (cell, index, value, own) => {
        const mine = ownOf(weights, index);
        return cell.onnxStep(scope, index === 0 ? value : cell.onnxInput(scope, value, mine), own, mine);
      }),
    tensorflowStep: (tf, input, states, weights) =>
      climb(input, states, (cell, index, value, own) => cell.tensorflowStep(tf, value, own, ownOf(weights, index))),
  };
}
