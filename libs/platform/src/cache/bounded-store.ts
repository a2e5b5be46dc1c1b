/** The in-process store behind cache-manager: a bounded map whose entries expire. */
import { Keyv, type KeyvStoreAdapter } from 'keyv';
import { BoundedMap } from './bounded-map.js';

export const CACHE_STORE = Symbol('BoundedStore');

interface Stored {
  readonly value: unknown;
  readonly expires?: number;
}

export class BoundedStore extends BoundedMap<string, Stored> {
  /** A live entry's value, without a promise. */
  peek(key: string): unknown {
    const stored = this.get(key);
    if (!stored) return undefined;
    if (stored.expires !== undefined && stored.expires <= Date.now()) return undefined;
    return stored.value;
  }

  removeByPrefix(prefix: string): void {
    for (const key of this.keys()) if (key.startsWith(prefix)) this.delete(key);
  }
}

/** Keyv over the store, holding references: values are immutable, so nothing is serialised. */
export function keyvOver(store: BoundedStore): Keyv {
  const keyv = new Keyv({ store: store as unknown as KeyvStoreAdapter, useKeyPrefix: false });
  keyv.serialize = undefined;
  keyv.deserialize = undefined;
  return keyv;
}
