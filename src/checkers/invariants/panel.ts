import type { Ghost } from '../ghost/ghost.ts';
import type { Tally } from '../tally.ts';
import type { Property, Violation } from '../violation.ts';
import type { Handlers, Invariant, Judgement } from './invariant.ts';

export type Moment = keyof Handlers;

type Handler<M extends Moment> = NonNullable<Handlers[M]>;
type Args<M extends Moment> = Parameters<Handler<M>>;

/** How often an invariant was put to the test. */
interface Count {
  readonly id: Property;
  times: number;
}

interface Judge {
  readonly count: Count;
  judge(a: unknown, b: unknown, c: unknown): Judgement;
}

/** Judges a run by several invariants, up to the first that is broken. */
export class Panel {
  violation: Violation | null = null;
  private readonly ghost: Ghost;
  private readonly counts: Count[] = [];
  /** In the order of the invariants: of several that are broken at once the first is told. */
  private readonly judges: Partial<Record<Moment, Judge[]>> = {};

  constructor(invariants: readonly Invariant[], ghost: Ghost) {
    this.ghost = ghost;
    for (const { id, watch } of invariants) {
      const count = { id, times: 0 };
      this.counts.push(count);
      for (const [moment, judge] of Object.entries(watch(ghost))) {
        this.add(moment as Moment, { count, judge });
      }
    }
  }

  /** Adds how often each invariant was put to the test. */
  countIn(tally: Tally): void {
    for (const { id, times } of this.counts) tally.count(id, times);
  }

  judge<M extends Moment>(moment: M, a?: Args<M>[0], b?: Args<M>[1], c?: Args<M>[2]): void {
    const judges = this.judges[moment];
    if (judges === undefined) return;
    for (let index = 0; index < judges.length && this.violation === null; index++) {
      const { count, judge } = judges[index] as Judge;
      const judgement = judge(a, b, c);
      if (judgement === false) continue;
      count.times++;
      if (judgement !== true) this.fail(count.id, judgement);
    }
  }

  private add(moment: Moment, judge: Judge): void {
    const judges = this.judges[moment];
    if (judges === undefined) this.judges[moment] = [judge];
    else judges.push(judge);
  }

  private fail(property: Property, message: string): void {
    const { now, eventCount } = this.ghost.views;
    this.violation = { property, message, at: now, seq: eventCount };
  }
}
