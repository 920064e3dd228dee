import type { Steps } from '../task.ts';
import { inOrder } from './nodes.ts';
import type { Participant } from './participant.ts';
import { type QueueOrder, type Taken, WorkQueue } from './work-queue.ts';

export const PRIORITY_MAX = 99;

const BY_PRIORITY: QueueOrder = {
  recipe: 'priority-queue',
  prefix: (priority) => `queue-${String(priority).padStart(2, '0')}-`,
  // Sorting keeps the order of equals: of one priority the first comes first.
  sort: (names) => inOrder(names).sort((a, b) => priorityOf(a) - priorityOf(b)),
};

/** From 0, the most urgent, to {@link PRIORITY_MAX}. */
export function priorityOf(name: string): number {
  return Number(/^queue-(\d\d)-/.exec(name)?.[1] ?? PRIORITY_MAX);
}

/**
 * A queue whose most urgent item is taken first, and the oldest of those.
 *
 * It promises what `FifoQueue` does of each item, and that the one `taken` came first among those
 * of the listing, at `seen`, that nobody else had taken: a consumer looks anew as soon as it hears
 * that something has come. What comes between the last look and the taking may be overtaken.
 *
 * In the log the items are as in `FifoQueue`; the priority stands in the path of the node.
 */
export class PriorityQueue {
  private readonly queue: WorkQueue;

  constructor(participant: Participant, dir: string) {
    this.queue = new WorkQueue(participant, dir, BY_PRIORITY);
  }

  /** Makes the queue's nodes unless they are there. */
  open(): Steps<void> {
    return this.queue.open();
  }

  /** @param priority from 0, the most urgent, to {@link PRIORITY_MAX} */
  offer(item: string, priority: number): Steps<void> {
    return this.queue.offer(item, priority);
  }

  /** Waits for an item and takes it. */
  take(): Steps<Taken> {
    return this.queue.take();
  }
}
