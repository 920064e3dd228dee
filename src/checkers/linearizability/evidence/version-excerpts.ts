import type { HistoryModel } from '../model.ts';
import type { RecordedOperation } from '../operation.ts';
import { isSame, pairOf, textOf } from '../values.ts';
import type { Excerpts, Judged } from './excerpts.ts';

/** A version, and what is known of its data. */
interface Shown {
  readonly version: number;
  readonly data: readonly unknown[];
}

/** Excerpts of a znode: what is not shown may raise the version to any that others have written. */
export class VersionExcerpts implements Excerpts {
  private readonly calls: readonly RecordedOperation[];
  private readonly writers = new Map<number, number>();
  private readonly lost: readonly RecordedOperation[];

  private constructor(calls: readonly RecordedOperation[]) {
    this.calls = calls;
    this.lost = calls.filter(({ outcome }) => outcome === 'info');
    calls.forEach(({ f, outcome, version }, call) => {
      if (f !== 'get' && outcome === 'ok') this.writers.set(version ?? 0, call);
    });
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
    const calls = excerpt.map((call) => this.calls[call] as RecordedOperation);
    const operations = calls.filter(({ outcome }) => outcome !== 'info');
    const model: HistoryModel<Shown> = {
      name: 'znode',
      init: { version: 0, data: [null] },
      step: (state, operation) =>
        stepShown(state, operation, (version) => this.isHidden(version, isThere)),
      hash: ({ version, data }) => `${version} ${textOf(data)}`,
    };
    return { operations, model: model as HistoryModel<unknown> };
  }

  context(): number[] {
    return [];
  }

  remarks(): string[] {
    return ['The versions tell in what order the writes took effect.'];
  }

  /** Whether somebody who is not shown may have written the version. */
  private isHidden(version: number, isThere: ReadonlySet<number>): boolean {
    const writer = this.writers.get(version);
    if (writer !== undefined) return !isThere.has(writer);
    return this.lost.some(
      ({ f, input }) => f !== 'cas' || Number(pairOf(input)[0]) + 1 === version,
    );
  }
}

function stepShown(
  state: Shown,
  { f, input, output, outcome, version = 0 }: RecordedOperation,
  isHidden: (version: number) => boolean,
): Shown | null {
  if (f === 'get') {
    if (version !== state.version) {
      return version > state.version && isHidden(version) ? { version, data: [output] } : null;
    }
    if (state.data.length === 0) return { version, data: [output] };
    return isSame(state.data[0], output) ? state : null;
  }
  const [expected, data] = f === 'cas' ? pairOf(input) : [version - 1, input];
  const before = Number(expected);
  if (outcome === 'fail') {
    if (before !== state.version) return state;
    return isHidden(before + 1) ? { version: before + 1, data: [] } : null;
  }
  const canFollow = before === state.version || (before > state.version && isHidden(before));
  const fits = f === 'cas' ? canFollow && version === before + 1 : version > state.version;
  return fits ? { version, data: [data] } : null;
}
