import type { SessionEvent } from '../client/watcher.ts';
import { type SessionListener, ZooKeeper } from '../client/zookeeper.ts';
import { CODE } from '../keeper/codes.ts';
import { CREATE_MODE } from '../keeper/requests.ts';
import { Actor } from './actor.ts';
import { PERFORM } from './operations.ts';
import type { Seat } from './seat.ts';
import { OPERATION_KINDS, type OperationKind } from './settings.ts';

const NEXT = 0;

/** How much harder a client tries again whose ensemble does not answer. */
const RETRY_MICROS = 200_000;

/**
 * One client of the workload: it does one operation after the other, chosen by chance, on registers
 * that all clients share and nodes below them, and starts a new session when one ends.
 */
export class OperationClient implements SessionListener {
  private readonly seat: Seat;
  private readonly weightSum: number;
  private actor: Actor | null = null;
  private isStopped = false;
  private hasRegisters = false;
  private outstanding = 0;
  private isTimerSet = false;

  constructor(seat: Seat) {
    this.seat = seat;
    const { weights } = seat.settings;
    this.weightSum = OPERATION_KINDS.reduce((sum, kind) => sum + weights[kind], 0);
  }

  /** Operations asked for that have no outcome yet. */
  get openCount(): number {
    return this.outstanding;
  }

  /** Whether the client has a session that a server knows. */
  get isConnected(): boolean {
    return this.actor?.zookeeper.isConnected === true;
  }

  start(): void {
    this.openSession();
    this.scheduleNext();
  }

  accept(): null {
    return null;
  }

  /** Asks for nothing more. */
  stop(): void {
    this.isStopped = true;
  }

  sessionChanged(event: SessionEvent): void {
    if (event === 'SyncConnected') this.makeRegisters();
    if (event === 'Expired' || event === 'Closed') this.openSession();
  }

  timerFired(): void {
    this.isTimerSet = false;
    if (this.isStopped || this.actor === null) return;
    this.outstanding++;
    PERFORM[this.chooseKind()](this.actor, this.done);
    this.scheduleNext();
  }

  private openSession(): void {
    const { ports, client, servers, random, settings, history } = this.seat;
    const { sessionTimeoutMs } = settings;
    const config = { client, servers, sessionTimeoutMs };
    const zookeeper = new ZooKeeper(ports, config, history, this);
    this.actor = new Actor(client, zookeeper, random, settings, this.freshValue);
  }

  /** Whoever comes first makes the registers; the others find them there. */
  private makeRegisters(): void {
    if (this.hasRegisters) return;
    this.hasRegisters = true;
    for (let key = 0; key < this.seat.settings.keyCount; key++) {
      this.outstanding++;
      this.actor?.zookeeper.create(`/r${key}`, null, CREATE_MODE.PERSISTENT, (err) => {
        if (err !== CODE.OK && err !== CODE.NODEEXISTS) this.hasRegisters = false;
        this.done();
      });
    }
  }

  private scheduleNext(): void {
    if (this.isTimerSet || this.isStopped) return;
    if (this.outstanding >= this.seat.settings.pipelineDepth) return;
    this.isTimerSet = true;
    const { thinkMinMicros, thinkMaxMicros } = this.seat.settings;
    const micros = this.seat.random.between(thinkMinMicros, thinkMaxMicros);
    this.seat.ports.setTimer(this.isConnected ? micros : micros + RETRY_MICROS, this, NEXT);
  }

  private chooseKind(): OperationKind {
    const { weights } = this.seat.settings;
    let draw = this.seat.random.below(this.weightSum);
    for (const kind of OPERATION_KINDS) {
      draw -= weights[kind];
      if (draw < 0) return kind;
    }
    return 'read';
  }

  private readonly done = (): void => {
    this.outstanding--;
    this.scheduleNext();
  };

  /** Every value of a run is another one, so that a read tells which write it saw. */
  private readonly freshValue = (): Uint8Array => {
    const text = `${this.seat.client}-${++this.seat.memory.count}`;
    const value = new Uint8Array(Math.max(text.length, this.seat.settings.valueBytes));
    for (let index = 0; index < text.length; index++) value[index] = text.charCodeAt(index);
    return value;
  };
}
