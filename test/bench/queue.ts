import { EventQueue } from '../../src/kernel/event-queue.ts';
import { KeyedRandom } from '../../src/kernel/random.ts';
import { median, timed } from './measure.ts';

const ROUNDS = 5;
const OWNER = {};

/** A binary heap of event objects, ordered by time and number: what one writes first. */
class ObjectHeap {
  private readonly items: { at: number; seq: number; payload: object }[] = [];
  private seq = 0;

  push(at: number, payload: object): void {
    const { items } = this;
    const event = { at, seq: this.seq++, payload };
    let hole = items.length;
    items.push(event);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = items[parent] as typeof event;
      if (above.at < at || (above.at === at && above.seq < event.seq)) break;
      items[hole] = above;
      hole = parent;
    }
    items[hole] = event;
  }

  pop(): number {
    const { items } = this;
    const first = items[0] as { at: number };
    const event = items.pop() as (typeof items)[number];
    const { length } = items;
    if (length === 0) return first.at;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= length) break;
      if (child + 1 < length && before(items[child + 1], items[child])) child++;
      if (before(event, items[child])) break;
      items[hole] = items[child] as typeof event;
      hole = child;
    }
    items[hole] = event;
    return first.at;
  }
}

function before(
  a: { at: number; seq: number } | undefined,
  b: { at: number; seq: number } | undefined,
): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.seq < b.seq);
}

/** Delays so long that few events fall on the same microsecond. */
function spreadOf(pending: number): number {
  return Math.max(9_000, pending);
}

/** Nanoseconds for a pop and a push with `pending` events in the queue ("hold model"). */
export function eventQueueHold(pending: number, holds: number): number {
  return median(ROUNDS, () => {
    const queue = new EventQueue<object, object>();
    const random = new KeyedRandom('1', 'hold');
    const spread = spreadOf(pending);
    for (let n = 0; n < pending; n++) queue.push(random.below(n, spread), 0, 0, OWNER, OWNER);
    const hold = (count: number): void => {
      for (let n = 0; n < count; n++) {
        queue.pop();
        queue.push(queue.at + 1000 + random.below(n, spread), 0, 0, OWNER, OWNER);
      }
    };
    hold(holds / 10);
    return (timed(() => hold(holds)) / holds) * 1e9;
  });
}

export function objectHeapHold(pending: number, holds: number): number {
  return median(ROUNDS, () => {
    const heap = new ObjectHeap();
    const random = new KeyedRandom('1', 'hold');
    const spread = spreadOf(pending);
    for (let n = 0; n < pending; n++) heap.push(random.below(n, spread), OWNER);
    const hold = (count: number): void => {
      for (let n = 0; n < count; n++) {
        const at = heap.pop();
        heap.push(at + 1000 + random.below(n, spread), OWNER);
      }
    };
    hold(holds / 10);
    return (timed(() => hold(holds)) / holds) * 1e9;
  });
}
