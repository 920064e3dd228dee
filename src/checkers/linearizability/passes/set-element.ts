import { NEVER, type Part } from '../columns.ts';
import type { RecordedOperation } from '../operation.ts';
import { NONE } from './blocks.ts';
import { Earliest } from './earliest.ts';
import { type PassResult, UNCLEAR } from './pass.ts';

/**
 * Accepts the history of one element of a set if it can go in or out only when an operation that
 * needs that returns. Otherwise it is unclear: an earlier change might have been better.
 *
 * O(n log n).
 */
export function passSetElement(
  part: Part,
  operations: readonly RecordedOperation[],
  wantsOrder: boolean,
): PassResult {
  const element = new SetElement(part);
  if (!element.read(operations) || !element.change()) return UNCLEAR;
  return { verdict: 'pass', order: wantsOrder ? element.order() : null };
}

/** What an operation finds, or leaves behind. */
const OUT = 0;
const IN = 1;

/**
 * The element by phases, out and in by turns, out at first. An operation of one kind fits wherever
 * there is a phase of that kind during its interval; each phase has an `add` or `remove` to begin it.
 */
class SetElement {
  private readonly part: Part;
  private readonly sides: Uint8Array;
  private readonly isRead: Uint8Array;
  /** The number of the phase, even when out, and the ends of calls after which the phases began. */
  private phase = 0;
  private began: number = NONE;
  private readonly phaseOf: Int32Array;
  private readonly begins: Uint8Array;
  /** For each side the returns of open writes that began no phase, and those that never return. */
  private readonly open: readonly [Earliest, Earliest];
  private readonly lost: readonly [number[], number[]] = [[], []];

  constructor(part: Part) {
    this.part = part;
    this.sides = new Uint8Array(part.count);
    this.isRead = new Uint8Array(part.count);
    this.phaseOf = new Int32Array(part.count).fill(NONE);
    this.begins = new Uint8Array(part.count);
    this.open = [new Earliest(part.count), new Earliest(part.count)];
  }

  /** @returns whether every read says yes or no */
  read(operations: readonly RecordedOperation[]): boolean {
    const { part, sides, isRead } = this;
    for (let call = 0; call < part.count; call++) {
      const { f, output } = operations[part.members[call] as number] as RecordedOperation;
      if (f !== 'contains') {
        sides[call] = f === 'add' ? IN : OUT;
        continue;
      }
      if (typeof output !== 'boolean') return false;
      isRead[call] = 1;
      sides[call] = output ? IN : OUT;
    }
    return true;
  }

  /** @returns whether all found a phase that they fit */
  change(): boolean {
    const { part, sides, isRead } = this;
    for (let place = 0; place < part.ends.length; place++) {
      const end = part.ends[place] as number;
      const call = end >> 1;
      const side = sides[call] === IN ? IN : OUT;
      if ((end & 1) === 0) {
        if (isRead[call] === 0) this.begin(call, side);
      } else if (this.phaseOf[call] === NONE && !this.end(call, side, place)) return false;
    }
    return true;
  }

  /** A legal order: phase by phase, each by invocation but for what begins it. */
  order(): Int32Array {
    const { part, phaseOf, begins } = this;
    const placed: number[] = [];
    for (let call = 0; call < part.count; call++) if (phaseOf[call] !== NONE) placed.push(call);
    placed.sort(
      (a, b) =>
        (phaseOf[a] as number) - (phaseOf[b] as number) ||
        (begins[b] as number) - (begins[a] as number) ||
        a - b,
    );
    return Int32Array.from(placed);
  }

  private begin(write: number, side: 0 | 1): void {
    const returned = this.part.returned[write] as number;
    if (returned === NEVER) this.lost[side].push(write);
    else this.open[side].put(returned);
  }

  private end(call: number, side: 0 | 1, place: number): boolean {
    if ((this.phase & 1) !== side) {
      // The phase before this one was of its side.
      const wasThere = this.phase > 0 && this.began > (this.part.invoked[call] as number);
      if (wasThere) {
        this.phaseOf[call] = this.phase - 1;
        return true;
      }
      if (!this.turn(side, place)) return false;
    }
    // It may be the one that began the phase.
    this.phaseOf[call] = this.phase;
    return true;
  }

  /** Begins a phase just before a return. All that is open on its side fits into it. */
  private turn(side: 0 | 1, place: number): boolean {
    const open = this.open[side];
    let returned = open.take();
    while (returned !== NONE && returned < place) returned = open.take();
    const isOpen = returned !== NONE;
    const write = isOpen ? (this.part.ends[returned] as number) >> 1 : this.lost[side].pop();
    if (write === undefined) return false;
    this.phase++;
    this.began = place;
    this.phaseOf[write] = this.phase;
    this.begins[write] = 1;
    return true;
  }
}
