import type { Steps } from '../task.ts';
import { inOrder } from './nodes.ts';
import type { Participant } from './participant.ts';
import { type QueueOrder, type Taken, WorkQueue } from './work-queue.ts';

const FIFO: QueueOrder = { recipe: 'fifo-queue', prefix: () => 'qn-', sort: inOrder };

/**
 * A queue whose items are taken in the order in which they were offered.
 *
 * It promises that an item that was `offered` exists once, that each is `taken` at most once, and
 * that by their tokens, which are zxids, items leave in the order in which they came. An item is
 * lost if its consumer's session ends between the taking and the answer.
 *
 * In the log `item` is the item; `token` of `offered` and `taken` the transaction that put it in or
 * out; `seen` of `taken` the pzxid of the listing that it was chosen from.
 */
export class FifoQueue {
  private readonly queue: WorkQueue;

  constructor(participant: Participant, dir: string) {
    this.queue = new WorkQueue(participant, dir, FIFO);
  }

  /** Makes the queue's nodes unless they are there. */
  open(): Steps<void> {
    return this.queue.open();
  }

  offer(item: string): Steps<void> {
    return this.queue.offer(item, 0);
  }

  /** Waits for an item and takes it. */
  take(): Steps<Taken> {
    return this.queue.take();
  }
}
