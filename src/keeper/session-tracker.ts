import type { Ports, TimerListener } from '../zab/ports.ts';
import type { ServiceRules } from './rules.ts';
import type { SessionId } from './session-id.ts';

interface TrackedSession {
  readonly timeoutMs: number;
  /** The tick at which it expires. */
  tick: number;
  /** Marked when closing begins; nothing brings it back. */
  isClosing: boolean;
  /** Through whom its requests come; `null` until the first. */
  owner: object | null;
}

export interface ExpiryListener {
  expired(session: SessionId): void;
}

/**
 * The leader's table of sessions: when each would expire, and through which server it speaks.
 *
 * Sessions expire in buckets of a tick, always rounded up, so one lives between its time-out and a
 * tick more after its last sign of life. `SessionTrackerImpl`, `ExpiryQueue`.
 */
export class SessionTracker implements TimerListener {
  private readonly ports: Ports;
  private readonly tickMicros: number;
  private readonly rules: ServiceRules;
  private readonly listener: ExpiryListener;
  private readonly sessions = new Map<SessionId, TrackedSession>();
  private readonly buckets = new Map<number, Set<SessionId>>();
  private timer = -1;
  private nextTick: number;

  constructor(ports: Ports, tickTimeMs: number, rules: ServiceRules, listener: ExpiryListener) {
    this.ports = ports;
    this.tickMicros = tickTimeMs * 1000;
    this.rules = rules;
    this.listener = listener;
    this.nextTick = this.tickOf(ports.now()) + 1;
    this.startTimer();
  }

  /** Begins to track a session, or goes on with it. Every session starts with a full time-out. */
  add(id: SessionId, timeoutMs: number): void {
    if (!this.sessions.has(id)) {
      this.sessions.set(id, { timeoutMs, tick: 0, isClosing: false, owner: null });
    }
    this.touch(id, timeoutMs);
  }

  /** A sign of life. @returns `false` if the session is over, or about to be */
  touch(id: SessionId, timeoutMs: number): boolean {
    const session = this.sessions.get(id);
    if (session === undefined || session.isClosing) return false;
    const tick = this.tickOf(this.ports.now() + timeoutMs * 1000) + 1;
    if (tick > session.tick) {
      this.buckets.get(session.tick)?.delete(id);
      session.tick = tick;
      const bucket = this.buckets.get(tick);
      if (bucket === undefined) this.buckets.set(tick, new Set([id]));
      else bucket.add(id);
    }
    return true;
  }

  /** What the session's requests meet that come through `origin`. The first one decides whose it is. */
  check(id: SessionId, origin: object): 'ok' | 'expired' | 'moved' {
    const session = this.sessions.get(id);
    if (session === undefined || session.isClosing) {
      return this.rules.refusesEndedSessions ? 'expired' : 'ok';
    }
    session.owner ??= origin;
    return session.owner === origin ? 'ok' : 'moved';
  }

  /** @returns whose it was */
  setOwner(id: SessionId, origin: object): object | null {
    const session = this.sessions.get(id);
    if (session === undefined) return null;
    const before = session.owner;
    session.owner = origin;
    return before;
  }

  /** From now on the session's requests fail. */
  close(id: SessionId): void {
    const session = this.sessions.get(id);
    if (session !== undefined) session.isClosing = true;
  }

  /** Its end is committed. */
  remove(id: SessionId): void {
    const session = this.sessions.get(id);
    if (session === undefined) return;
    this.buckets.get(session.tick)?.delete(id);
    this.sessions.delete(id);
  }

  stop(): void {
    this.ports.cancelTimer(this.timer);
  }

  timerFired(): void {
    const due = this.buckets.get(this.nextTick);
    this.buckets.delete(this.nextTick);
    this.nextTick++;
    this.startTimer();
    for (const id of due ?? []) {
      const session = this.sessions.get(id);
      if (session === undefined || session.isClosing) continue;
      session.isClosing = true;
      this.listener.expired(id);
    }
  }

  private startTimer(): void {
    const micros = Math.max(0, this.nextTick * this.tickMicros - this.ports.now());
    this.timer = this.ports.setTimer(micros, this, 0);
  }

  private tickOf(micros: number): number {
    return Math.floor(micros / this.tickMicros);
  }
}
