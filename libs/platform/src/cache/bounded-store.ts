/**
 * The in-process store behind cache-manager: a bounded map for each topic, whose entries expire. Keyv's keys are `topic:key`;
 * whoever knows the topic asks its map by the key alone, which every request does several times.
 */
import { Keyv, type KeyvStoreAdapter } from 'keyv';
import { BoundedMap } from './bounded-map.js';

export const CACHE_STORE = Symbol('BoundedStore');

interface Stored {
  readonly value: unknown;
  readonly expires?: number;
}

/** The entries of one topic. */
export class TopicEntries extends BoundedMap<string, Stored> {
  /** A live entry's value, without a promise. */
  peek(key: string): unknown {
    const stored = this.get(key);
    if (!stored) return undefined;
    if (stored.expires !== undefined && stored.expires <= Date.now()) return undefined;
    return stored.value;
  }
}

export class BoundedStore {
  private readonly topics = new Map<string, TopicEntries>();

  /** @param capacity of each topic */
  constructor(private readonly capacity: number) {}

  topic(name: string): TopicEntries {
    let entries = this.topics.get(name);
    if (!entries) {
      entries = new TopicEntries(this.capacity);
      this.topics.set(name, entries);
    }
    return entries;
  }

  get(key: string): Stored | undefined {
    const [entries, own] = this.find(key);
    return entries.get(own);
  }

  set(key: string, stored: Stored): this {
    const [entries, own] = this.find(key);
    entries.set(own, stored);
    return this;
  }

  has(key: string): boolean {
    const [entries, own] = this.find(key);
    return entries.has(own);
  }

  delete(key: string): boolean {
    const [entries, own] = this.find(key);
    return entries.delete(own);
  }

  clear(): void {
    for (const entries of this.topics.values()) entries.clear();
  }

  private find(key: string): readonly [TopicEntries, string] {
    const colon = key.indexOf(':');
    return [this.topic(key.slice(0, colon)), key.slice(colon + 1)];
  }
}

/** Keyv over the store, holding references: values are immutable, so nothing is serialised. */
export function keyvOver(store: BoundedStore): Keyv {
  const keyv = new Keyv({ store: store as unknown as KeyvStoreAdapter, useKeyPrefix: false });
  keyv.serialize = undefined;
  keyv.deserialize = undefined;
  return keyv;
}
