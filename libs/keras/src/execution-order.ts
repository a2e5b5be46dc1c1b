/** The order in which the layers of a model are computed. */
import { referencesOf, type LayerEntry, type ModelConfig } from './config/saved-config.js';
import { KerasImportError } from './errors.js';

/** Every application of every layer, each after those whose tensors it takes. Throws `invalid-config` for a cycle. */
export function inExecutionOrder(
  model: ModelConfig,
  entries: ReadonlyMap<string, LayerEntry>,
): { entry: LayerEntry; call: number }[] {
  const order: { entry: LayerEntry; call: number }[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const key = (layer: string, call: number): string => `${layer}#${call}`;
  const pending = model.outputs.map(({ reference: { layer, call } }) => ({ layer, call }));
  // Depth first with a stack of its own: a chain of 10,000 layers must not exhaust the call stack.
  for (let next = pending.at(-1); next; next = pending.at(-1)) {
    const { layer, call } = next;
    const entry = entries.get(layer);
    const saved = entry?.calls[call];
    if (!entry || !saved)
      throw new KerasImportError(
        'invalid-config',
        `The model refers to layer ${layer}, which does not exist; save it again.`,
        layer,
      );
    const seen = state.get(key(layer, call));
    const missing = referencesOf(saved).filter((input) => state.get(key(input.layer, input.call)) !== 'done');
    if (seen === 'done') {
      pending.pop();
    } else if (missing.length === 0) {
      pending.pop();
      state.set(key(layer, call), 'done');
      order.push({ entry, call });
    } else if (seen === 'open') {
      throw new KerasImportError('invalid-config', `Layer ${layer} takes its own output; save the model again.`, layer);
    } else {
      state.set(key(layer, call), 'open');
      pending.push(...missing.reverse().map((input) => ({ layer: input.layer, call: input.call })));
    }
  }
  // An input that no output needs is still one of the model's: it is taken, and has no effect.
  for (const { reference } of model.inputs) {
    const entry = entries.get(reference.layer);
    if (state.has(key(reference.layer, reference.call)) || !entry) continue;
    order.push({ entry, call: reference.call });
  }
  return order;
}
