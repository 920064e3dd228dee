import { EventQueue } from '../../src/kernel/event-queue.ts';
import { KeyedRandom } from '../../src/kernel/random.ts';
import { type Case, type Sample, timed } from './measure.ts';
import { ObjectHeap } from './object-heap.ts';

const OWNER = {};

/** A packet takes at least so long; how much longer is drawn. */
const DELAY_MIN_MICROS = 1000;

/** Delays are drawn beforehand, so that only the queue is measured. A power of two. */
const DRAW_COUNT = 2 ** 16;

function drawDelays(pending: number): Int32Array {
  const random = new KeyedRandom('hold', 'delays');
  // So long that few events fall on the same microsecond.
  const bound = Math.max(9_000, pending);
  return new Int32Array(DRAW_COUNT).map((_, n) => DELAY_MIN_MICROS + random.below(n, bound));
}

function perHold(holds: number, work: () => void): Sample {
  return { nanoseconds: (timed(work) / holds) * 1e9 };
}

/** The "hold model": pop an event and push another, with always as many `pending`. */
export function eventQueueHold(pending: number, holds: number): Case {
  const delays = drawDelays(pending);
  const delay = (n: number): number => delays[n & (DRAW_COUNT - 1)] as number;
  const queue = new EventQueue<object, object>();
  for (let n = 0; n < pending; n++) queue.push(delay(n), 0, 0, OWNER, OWNER);
  const hold = (): void => {
    for (let n = 0; n < holds; n++) {
      queue.pop();
      queue.push(queue.at + delay(n), 0, 0, OWNER, OWNER);
    }
  };
  return { sample: () => perHold(holds, hold) };
}

/** The same with {@link ObjectHeap}. */
export function objectHeapHold(pending: number, holds: number): Case {
  const delays = drawDelays(pending);
  const delay = (n: number): number => delays[n & (DRAW_COUNT - 1)] as number;
  const heap = new ObjectHeap();
  for (let n = 0; n < pending; n++) heap.push(delay(n), OWNER);
  const hold = (): void => {
    for (let n = 0; n < holds; n++) {
      heap.pop();
      heap.push(heap.at + delay(n), OWNER);
    }
  };
  return { sample: () => perHold(holds, hold) };
}
