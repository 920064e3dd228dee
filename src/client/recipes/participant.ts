import { Calls, KeeperError } from '../calls.ts';
import type { ClientConfig } from '../client-session.ts';
import type { History } from '../history.ts';
import type { ClientPorts } from '../ports.ts';
import { type Outcome, type Steps, Task, waitFor } from '../task.ts';
import type { SessionEvent } from '../watcher.ts';
import { type SessionListener, ZooKeeper } from '../zookeeper.ts';
import type { RecipeDetails, RecipeLog } from './log.ts';

/** A right that a participant believes to have. */
export type Holding = Omit<RecipeDetails, 'what'> & { readonly path: string };

/**
 * One session that takes part in recipes. Its tasks live as long as the session; who wants to go on
 * makes a new participant, which owns nothing of what the old one had.
 */
export class Participant implements SessionListener {
  readonly client: number;
  readonly zookeeper: ZooKeeper;
  readonly zk: Calls;

  private readonly ports: ClientPorts;
  private readonly log: RecipeLog;
  private readonly ended: (participant: Participant) => void;
  private readonly tasks = new Set<{ cancel(): void }>();
  private readonly holdings = new Set<Holding>();
  private hasCrashed = false;

  /** @param ended the session is over, and all tasks with it */
  constructor(
    ports: ClientPorts,
    config: ClientConfig,
    history: History,
    log: RecipeLog,
    ended: (participant: Participant) => void,
  ) {
    this.ports = ports;
    this.client = config.client;
    this.log = log;
    this.ended = ended;
    this.zookeeper = new ZooKeeper(ports, config, history, this);
    this.zk = new Calls(this.zookeeper);
  }

  /** Whether rights may be used: somebody without a connection may have lost them by now. */
  get isConnected(): boolean {
    return this.zookeeper.isConnected;
  }

  /**
   * Carries out steps as long as the session lives.
   *
   * @param done hears how they ended
   * @throws what they throw, unless a {@link KeeperError} or the end of the session
   */
  run<Result>(
    steps: Steps<Result>,
    done: (outcome: Outcome<Result>) => void = () => {},
  ): Task<Result> {
    const task = new Task<Result>(steps, (outcome) => {
      this.tasks.delete(task);
      if (outcome.how === 'failed' && !(outcome.error instanceof KeeperError)) throw outcome.error;
      done(outcome);
    });
    this.tasks.add(task);
    task.start();
    return task;
  }

  *sleep(micros: number): Steps<void> {
    yield* waitFor<void>((resume) => {
      this.ports.setTimer(micros, { timerFired: () => resume() }, 0);
    });
  }

  /** A name that nobody else has ever taken. */
  guid(): string {
    return this.ports
      .random(2 ** 48)
      .toString(16)
      .padStart(12, '0');
  }

  note(details: RecipeDetails): void {
    if (this.hasCrashed) return;
    this.log.record({ client: this.client, session: this.zookeeper.session, ...details });
  }

  /** From now on the right is believed in, until it is put down or lost. */
  acquire(holding: Holding): void {
    this.holdings.add(holding);
    this.note({ ...holding, what: 'acquired' });
    if (!this.isConnected) this.note({ ...holding, what: 'suspended' });
  }

  /** From now on it is not. @returns `false` if it was lost before */
  putDown(holding: Holding): boolean {
    if (!this.holdings.delete(holding)) return false;
    this.note({ ...holding, what: 'releasing' });
    return true;
  }

  holds(holding: Holding): boolean {
    return this.holdings.has(holding);
  }

  sessionChanged(event: SessionEvent): void {
    if (event === 'SyncConnected') this.noteAll('resumed');
    else if (event === 'Disconnected') this.noteAll('suspended');
    else this.end();
  }

  /**
   * The process has ended there and then. What it had is nobody's any more, though the session may
   * keep it from others for a while; what its code still says until it comes to rest is not heard.
   */
  crashed(): void {
    this.noteAll('lost');
    this.holdings.clear();
    this.hasCrashed = true;
  }

  private end(): void {
    this.noteAll('lost');
    this.holdings.clear();
    for (const task of [...this.tasks]) task.cancel();
    this.ended(this);
  }

  private noteAll(what: 'suspended' | 'resumed' | 'lost'): void {
    for (const holding of this.holdings) this.note({ ...holding, what });
  }
}
