import { mix } from '../hash.ts';
import type { MemoryBudget } from '../memory-budget.ts';

const FIRST_RECORDS = 64;
const BYTES_PER_INT = 4;
/** Table places for each record, in each of the two tables: at most half of them are taken. */
const PLACES_PER_RECORD = 2;
/** With so many others at most a configuration is compared. */
const COMPARED_MAX = 32;

/** What the numbers of a configuration are. */
export interface Layout {
  readonly width: number;
  /** The first of them must be equal for two configurations to be compared. */
  readonly head: number;
  /**
   * Whether one configuration, of two with equal heads, is no worse than another: if there is a way
   * on from the other, there is one from it.
   *
   * @param records in which both stand, from `one` and `other` on
   */
  isNoWorse(records: Int32Array, one: number, other: number): boolean;
}

/**
 * Configurations that were looked at: lists of numbers of one length, each kept once, and not if it is
 * worse than one that is there.
 */
export class Memo {
  /** Record after record. */
  records: Int32Array;
  private readonly layout: Layout;
  private readonly budget: MemoryBudget;
  /** Numbers of records plus one, by all their numbers; 0 is free. */
  private table: Int32Array;
  /** The same by their heads, of the latest with each head; and for each record the one before it. */
  private heads: Int32Array;
  private previous: Int32Array;
  private capacity = 0;
  private count = 0;

  constructor(layout: Layout, budget: MemoryBudget) {
    this.layout = layout;
    this.budget = budget;
    this.records = new Int32Array(0);
    this.table = new Int32Array(0);
    this.heads = new Int32Array(0);
    this.previous = new Int32Array(0);
  }

  /** What it has taken of the budget. */
  get bytes(): number {
    return this.bytesOf(this.capacity);
  }

  /** Whether another configuration fits; makes room for it if the budget allows. */
  reserve(): boolean {
    if (this.count < this.capacity) return true;
    const old = this.bytes;
    const capacity = Math.max(FIRST_RECORDS, this.capacity * 2);
    if (!this.budget.take(this.bytesOf(capacity))) return false;
    this.capacity = capacity;
    this.records = grown(this.records, capacity * this.layout.width);
    this.previous = grown(this.previous, capacity);
    this.table = new Int32Array(capacity * PLACES_PER_RECORD);
    this.heads = new Int32Array(capacity * PLACES_PER_RECORD);
    for (let record = 0; record < this.count; record++) {
      this.table[this.placeOf(record)] = record + 1;
      this.heads[this.headPlaceOf(record)] = record + 1;
    }
    this.budget.give(old);
    return true;
  }

  /**
   * Keeps the configuration that has been written to {@link Memo.records} behind the last, at
   * {@link Memo.next}.
   *
   * @returns its number, or -1 if it or one that is no worse was there
   */
  keep(): number {
    const place = this.placeOf(this.count);
    if (this.table[place] !== 0) return -1;
    const headPlace = this.headPlaceOf(this.count);
    const latest = this.heads[headPlace] as number;
    if (this.isWorseThanAny(latest)) return -1;
    this.previous[this.count] = latest;
    this.heads[headPlace] = this.count + 1;
    this.table[place] = this.count + 1;
    return this.count++;
  }

  /** Where in {@link Memo.records} the next configuration goes. */
  get next(): number {
    return this.count * this.layout.width;
  }

  /** @param latest the number plus one of the last with the same head */
  private isWorseThanAny(latest: number): boolean {
    const { layout, records, next } = this;
    let other = latest;
    for (let compared = 0; other > 0 && compared < COMPARED_MAX; compared++) {
      if (layout.isNoWorse(records, (other - 1) * layout.width, next)) return true;
      other = this.previous[other - 1] as number;
    }
    return false;
  }

  private bytesOf(capacity: number): number {
    return capacity * (this.layout.width + 1 + 2 * PLACES_PER_RECORD) * BYTES_PER_INT;
  }

  private placeOf(record: number): number {
    return this.find(this.table, record, this.layout.width);
  }

  private headPlaceOf(record: number): number {
    return this.find(this.heads, record, this.layout.head);
  }

  /** Where in a table a record stands with the same first numbers, or a free place for it. */
  private find(table: Int32Array, record: number, length: number): number {
    const { records } = this;
    const start = record * this.layout.width;
    const mask = table.length - 1;
    let hash = 0;
    for (let at = start; at < start + length; at++) hash = mix(hash, records[at] as number);
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const found = table[place] as number;
      if (found === 0 || this.isEqual(found - 1, start, length)) return place;
    }
  }

  private isEqual(record: number, start: number, length: number): boolean {
    const { records } = this;
    const other = record * this.layout.width;
    for (let at = 0; at < length; at++) {
      if (records[other + at] !== records[start + at]) return false;
    }
    return true;
  }
}

function grown(old: Int32Array, length: number): Int32Array {
  const columns = new Int32Array(length);
  columns.set(old);
  return columns;
}
