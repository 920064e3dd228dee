import { mix } from '../hash.ts';
import type { MemoryBudget } from '../memory-budget.ts';

const FIRST_RECORDS = 16;
const BYTES_PER_INT = 4;
/** Table places for each record: at most half of them are taken. */
const PLACES_PER_RECORD = 2;

/** Configurations that were looked at: lists of numbers of one length, each kept once. */
export class Memo {
  /** Record after record. */
  records: Int32Array;
  private readonly width: number;
  private readonly budget: MemoryBudget;
  /** Numbers of records plus one; 0 is free. */
  private table: Int32Array;
  private capacity = 0;
  private count = 0;

  /** @param width the numbers of a configuration */
  constructor(width: number, budget: MemoryBudget) {
    this.width = width;
    this.budget = budget;
    this.records = new Int32Array(0);
    this.table = new Int32Array(0);
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
    const records = new Int32Array(this.capacity * this.width);
    records.set(this.records);
    this.records = records;
    this.table = new Int32Array(this.capacity * PLACES_PER_RECORD);
    for (let record = 0; record < this.count; record++)
      this.table[this.placeOf(record)] = record + 1;
    this.budget.give(old);
    return true;
  }

  /**
   * Keeps the configuration that has been written to {@link Memo.records} behind the last, at
   * {@link Memo.next}.
   *
   * @returns its number, or -1 if it was there
   */
  keep(): number {
    const place = this.placeOf(this.count);
    if (this.table[place] !== 0) return -1;
    this.table[place] = this.count + 1;
    return this.count++;
  }

  /** Where in {@link Memo.records} the next configuration goes. */
  get next(): number {
    return this.count * this.width;
  }

  private bytesOf(capacity: number): number {
    return capacity * (this.width + PLACES_PER_RECORD) * BYTES_PER_INT;
  }

  /** Where the record stands, or a free place for it. */
  private placeOf(record: number): number {
    const { records, table, width } = this;
    const start = record * width;
    const mask = table.length - 1;
    let hash = 0;
    for (let at = start; at < start + width; at++) hash = mix(hash, records[at] as number);
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const found = table[place] as number;
      if (found === 0 || this.isEqual(found - 1, start)) return place;
    }
  }

  private isEqual(record: number, start: number): boolean {
    const { records, width } = this;
    const other = record * width;
    for (let at = 0; at < width; at++) {
      if (records[other + at] !== records[start + at]) return false;
    }
    return true;
  }
}
