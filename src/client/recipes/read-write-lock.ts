import type { Steps } from '../task.ts';
import { type Grant, giveBack, previous, takeTurn } from './lock.ts';
import { standInOnce } from './nodes.ts';
import type { Participant } from './participant.ts';

/**
 * A lock that many readers or one writer hold. A writer waits for the one before it, a reader for
 * the last writer before it.
 *
 * It promises that at every zxid no node that holds for writing has another holder beside it, that
 * rights are granted in the order of the line as far as they exclude one another, so nobody
 * starves, and that releasing it wakes one writer or the readers behind. Beliefs lag as those of
 * `Lock` do. Whoever holds it for reading cannot turn that into writing: two who tried would wait
 * for each other.
 *
 * In the log `item` is `read` or `write`; `seen` as for `Lock`.
 */
export class ReadWriteLock {
  private readonly participant: Participant;
  private readonly dir: string;

  constructor(participant: Participant, dir: string) {
    this.participant = participant;
    this.dir = dir;
  }

  acquireRead(): Steps<Grant> {
    const { participant, dir } = this;
    return takeTurn(participant, 'read-write-lock', dir, 'read', standInOnce, lastWriterBefore);
  }

  acquireWrite(): Steps<Grant> {
    const { participant, dir } = this;
    return takeTurn(participant, 'read-write-lock', dir, 'write', standInOnce, previous);
  }

  release(grant: Grant): Steps<void> {
    return giveBack(this.participant, grant);
  }
}

function lastWriterBefore(line: readonly string[], place: number): string | null {
  return line.slice(0, place).findLast((name) => name.includes('-write-')) ?? null;
}
