import type { Ghost } from '../ghost/ghost.ts';
import type { Property, Violation } from '../violation.ts';
import type { Handlers, Invariant, Judgement } from './invariant.ts';

export type Moment = keyof Handlers;

type Handler<M extends Moment> = NonNullable<Handlers[M]>;
type Args<M extends Moment> = Parameters<Handler<M>>;

/** An invariant in a run: how often it was put to the test. */
interface Tally {
  readonly id: Property;
  count: number;
}

interface Judge {
  readonly tally: Tally;
  judge(a: unknown, b: unknown, c: unknown): Judgement;
}

/** Judges a run by several invariants, up to the first that is broken. */
export class Panel {
  violation: Violation | null = null;
  private readonly ghost: Ghost;
  private readonly tallies: Tally[] = [];
  /** In the order of the invariants: of several that are broken at once the first is told. */
  private readonly judges: Partial<Record<Moment, Judge[]>> = {};

  constructor(invariants: readonly Invariant[], ghost: Ghost) {
    this.ghost = ghost;
    for (const { id, watch } of invariants) {
      const tally = { id, count: 0 };
      this.tallies.push(tally);
      for (const [moment, judge] of Object.entries(watch(ghost))) {
        this.add(moment as Moment, { tally, judge });
      }
    }
  }

  /** How often each invariant was put to the test. */
  get counts(): Map<Property, number> {
    return new Map(this.tallies.map(({ id, count }) => [id, count]));
  }

  judge<M extends Moment>(moment: M, a: Args<M>[0], b?: Args<M>[1], c?: Args<M>[2]): void {
    const judges = this.judges[moment];
    if (judges === undefined) return;
    for (let index = 0; index < judges.length && this.violation === null; index++) {
      const { tally, judge } = judges[index] as Judge;
      const judgement = judge(a, b, c);
      if (judgement === false) continue;
      tally.count++;
      if (judgement !== true) this.fail(tally.id, judgement);
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
