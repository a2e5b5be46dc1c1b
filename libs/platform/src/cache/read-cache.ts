/**
 * What is read often and seldom changes (principals, plans, model metadata), kept in @nestjs/cache-manager's cache. One store with
 * two doors: `peek` answers a hit at once for the hot path, `get` loads what is missing, once for all who wait.
 * Changes announced by the ChangeFeed remove entries; while announcements are cut off, everything is loaded anew.
 */
import { CACHE_MANAGER, type Cache } from '@nestjs/cache-manager';
import { Inject, Injectable } from '@nestjs/common';
import { promptly } from '../database/promptly.js';
import { ChangeFeed } from './change-feed.js';
import { gathered } from './gathered.js';
import { CACHE_STORE, type BoundedStore, type TopicEntries } from './bounded-store.js';

/**
 * Entries are dropped by announcements, not by age; this bounds the harm of a change that was never announced, such as one made
 * by hand. They end at different times, so that those of users who came together are not all read again together.
 */
const TIME_TO_LIVE_MS = { least: 8 * 60_000, most: 10 * 60_000 };

export class CachedReads<T> {
  private readonly loading = new Map<string, Promise<T | null>>();
  /** Grows with every removal: a load that began before one must not be stored after it. */
  private generation = 0;

  constructor(
    private readonly topic: string,
    private readonly load: (key: string) => Promise<T | null>,
    private readonly cache: Cache,
    private readonly entries: TopicEntries,
    private readonly feed: ChangeFeed,
  ) {
    feed.on(topic, (key) => this.remove(key));
    feed.onConnection(() => this.removeAll());
  }

  /** The cached value, or undefined when it must be loaded. */
  peek(key: string): T | undefined {
    if (!this.feed.connected) return undefined;
    return this.entries.peek(key) as T | undefined;
  }

  /** The value, loaded when it is not cached; null when there is none (which is not cached). */
  async get(key: string): Promise<T | null> {
    const hit = this.peek(key);
    if (hit !== undefined) return hit;
    const waiting = this.loading.get(key);
    if (waiting) return waiting;
    const loaded = promptly(this.loadAndStore(key));
    this.loading.set(key, loaded);
    try {
      return await loaded;
    } finally {
      if (this.loading.get(key) === loaded) this.loading.delete(key);
    }
  }

  private async loadAndStore(key: string): Promise<T | null> {
    const generation = this.generation;
    const value = await this.load(key);
    if (value !== null && this.feed.connected && generation === this.generation) {
      await this.cache.set(`${this.topic}:${key}`, value, timeToLiveMs());
      if (generation !== this.generation) await this.cache.del(`${this.topic}:${key}`); // removed while it was being stored
    }
    return value;
  }

  private async remove(key: string): Promise<void> {
    if (key === '*') return this.removeAll();
    this.generation += 1;
    this.loading.clear();
    await this.cache.del(`${this.topic}:${key}`);
  }

  private removeAll(): void {
    this.generation += 1;
    this.loading.clear();
    this.entries.clear();
  }
}

function timeToLiveMs(): number {
  const { least, most } = TIME_TO_LIVE_MS;
  return Math.round(least + Math.random() * (most - least));
}

@Injectable()
export class ReadCache {
  constructor(
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    @Inject(CACHE_STORE) private readonly store: BoundedStore,
    private readonly feed: ChangeFeed,
  ) {}

  /** Cached reads of one topic; `load` answers null for what does not exist. */
  of<T>(topic: string, load: (key: string) => Promise<T | null>): CachedReads<T> {
    return new CachedReads(topic, load, this.cache, this.store.topic(topic), this.feed);
  }

  /** The same for what every request needs: `loadAll` reads those that are asked for together, and leaves out what does not exist. */
  ofMany<T>(topic: string, loadAll: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>): CachedReads<T> {
    return this.of(topic, gathered(loadAll));
  }
}
