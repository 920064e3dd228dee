import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { isSame, pairOf, textOf } from '../values.ts';
import { type Excerpts, type Judged, returnOf } from './excerpts.ts';

/** A version, what is known of its data, and who may have made versions that nobody was told of. */
interface Shown {
  readonly version: number;
  readonly data: readonly unknown[];
  /** Sets without an answer that have made no version yet. */
  readonly spareSets: number;
  /** The versions that a cas without an answer makes. */
  readonly spareVersions: readonly number[];
}

/**
 * Excerpts of a znode: what is not shown may raise the version to any that others have written. A
 * version that nobody was told to have made, is made by a write without an answer.
 */
export class VersionExcerpts implements Excerpts {
  private readonly calls: readonly RecordedOperation[];
  private readonly writers = new Map<number, number>();
  /** Calls without an answer. */
  private readonly lost: readonly number[];
  /** For each version from 0, the earliest return of a call by which it was there. */
  private readonly deadlines: readonly number[];

  private constructor(calls: readonly RecordedOperation[]) {
    this.calls = calls;
    this.lost = calls.flatMap(({ outcome }, call) => (outcome === 'info' ? [call] : []));
    calls.forEach(({ f, outcome, version }, call) => {
      if (f !== 'get' && outcome === 'ok') this.writers.set(version ?? 0, call);
    });
    this.deadlines = deadlinesOf(calls);
  }

  /** @returns `null` if an answer has no version */
  static of(calls: readonly RecordedOperation[]): VersionExcerpts | null {
    const isBare = calls.some(({ outcome, version }) => outcome === 'ok' && version === undefined);
    return isBare ? null : new VersionExcerpts(calls);
  }

  effort(count: number): number {
    return count * this.lost.length;
  }

  judged(excerpt: readonly number[]): Judged {
    const isThere = new Set(excerpt);
    const hiddenLost = this.lost.filter((call) => !isThere.has(call));
    const makers = new Map<number, Maker>();
    const makerOf = (version: number): Maker => {
      const known = makers.get(version);
      if (known !== undefined) return known;
      const writer = this.writers.get(version);
      const isHere = writer !== undefined && isThere.has(writer);
      const isHidden = writer !== undefined || this.canMake(hiddenLost, version);
      const maker = isHere ? 'shown' : isHidden ? 'hidden' : 'nameless';
      makers.set(version, maker);
      return maker;
    };
    const steps = new ShownSteps(makerOf, this.calls.length);
    const model: HistoryModel<Shown> = {
      name: 'znode',
      init: { version: 0, data: [null], spareSets: 0, spareVersions: [] },
      operations: { get: { isRead: true } },
      step: (state, operation) => steps.step(state, operation),
      hash: textOf,
      describeState: ({ version }) => `the version is ${version}`,
    };
    const operations = excerpt.map((call) => this.calls[call] as RecordedOperation);
    return { operations, model: model as HistoryModel<unknown> };
  }

  /** What is known last before a version that nobody can have made. */
  context(excerpt: readonly number[]): number[] {
    const missing = this.missing(excerpt).at(-1);
    if (missing === undefined) return [];
    const versions = [...this.writers.keys()].filter((version) => version < missing);
    const last = this.writers.get(versions.reduce((a, b) => Math.max(a, b), 0));
    return last === undefined ? [] : [last];
  }

  remarks(excerpt: readonly number[]): string[] {
    const order =
      'Each write makes the next version, and those not shown here made other versions.';
    const lost = excerpt.filter((call) => this.calls[call]?.outcome === 'info');
    const missing = this.missing(excerpt);
    const [first] = missing;
    if (first === undefined) {
      const many = 'Versions that no answer tells of need a write without an answer each.';
      return lost.length === 0 ? [order] : [order, many];
    }
    const more = missing.length === 1 ? '' : `, nor ${missing.length - 1} of those that follow`;
    return [order, `No write in the history can have made version ${first}${more}.`];
  }

  /** Versions between those of the calls that no call of the whole history can have made. */
  private missing(excerpt: readonly number[]): number[] {
    const versions = excerpt.flatMap((call) => {
      const { outcome, version = 0 } = this.calls[call] as RecordedOperation;
      return outcome === 'ok' ? [version] : [];
    });
    const low = versions.length > 1 ? Math.min(...versions) : 0;
    const high = Math.min(Math.max(0, ...versions), this.calls.length + 1);
    const missing: number[] = [];
    for (let version = low + 1; version <= high; version++) {
      if (!this.writers.has(version) && !this.canMake(this.lost, version)) missing.push(version);
    }
    return missing;
  }

  private canMake(lost: readonly number[], version: number): boolean {
    // There are not so many writes.
    if (version > this.calls.length) return false;
    return lost.some((call) => {
      const { f, input, invokedAt } = this.calls[call] as RecordedOperation;
      if (invokedAt > (this.deadlines[version] ?? Number.POSITIVE_INFINITY)) return false;
      return f !== 'cas' || Number(pairOf(input)[0]) + 1 === version;
    });
  }
}

function deadlinesOf(calls: readonly RecordedOperation[]): number[] {
  const deadlines = new Array<number>(calls.length + 2).fill(Number.POSITIVE_INFINITY);
  for (const call of calls) {
    if (call.outcome !== 'ok') continue;
    const version = Math.min(call.version ?? 0, calls.length + 1);
    deadlines[version] = Math.min(deadlines[version] as number, returnOf(call));
  }
  for (let version = calls.length; version >= 0; version--) {
    deadlines[version] = Math.min(deadlines[version] as number, deadlines[version + 1] as number);
  }
  return deadlines;
}

/** Who made a version: a write that is shown, one that is not, or one that had no answer. */
type Maker = 'shown' | 'hidden' | 'nameless';

/** What a znode does of which only some of the writes are known. */
class ShownSteps {
  private readonly makerOf: (version: number) => Maker;
  private readonly versionsMax: number;

  constructor(makerOf: (version: number) => Maker, versionsMax: number) {
    this.makerOf = makerOf;
    this.versionsMax = versionsMax;
  }

  step(state: Shown, operation: RecordedOperation): Shown | null {
    const { f, input, output, outcome, version = 0 } = operation;
    const [expected, data] = f === 'cas' ? pairOf(input) : [null, input];
    const before = Number(expected);
    if (outcome === 'info') {
      if (f !== 'cas') return { ...state, spareSets: state.spareSets + 1 };
      const spareVersions = [...state.spareVersions, before + 1].sort((a, b) => a - b);
      return before < state.version ? state : { ...state, spareVersions };
    }
    if (outcome === 'fail') return before === state.version ? this.raise(state, before + 1) : state;
    if (f === 'get') {
      const reached = this.raise(state, version);
      if (reached === null || reached.data.length === 0)
        return reached === null ? null : { ...reached, data: [output] };
      return isSame(reached.data[0], output) ? reached : null;
    }
    if (f === 'cas' && version !== before + 1) return null;
    const reached = this.raise(state, version - 1);
    return reached === null || version <= state.version
      ? null
      : { ...reached, version, data: [data] };
  }

  /** Others raise the version to that; `null` if they cannot. */
  private raise(state: Shown, version: number): Shown | null {
    if (version <= state.version) return version === state.version ? state : null;
    if (version > this.versionsMax) return null;
    let wanting = 0;
    for (let each = state.version + 1; each <= version; each++) {
      const maker = this.makerOf(each);
      // It will be placed itself, so there is no way past it.
      if (maker === 'shown') return null;
      if (maker === 'nameless' && !state.spareVersions.includes(each)) wanting++;
      if (wanting > state.spareSets) return null;
    }
    const spareVersions = state.spareVersions.filter((each) => each > version);
    return { version, data: [], spareSets: state.spareSets - wanting, spareVersions };
  }
}
