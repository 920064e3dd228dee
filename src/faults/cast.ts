import { WORLD_EVENTS } from '../world/events.ts';
import { ZAB_EVENTS } from '../zab/events.ts';
import type { Role, Whom } from './fault.ts';

/** Where an event happened, and which other server it concerned; 0 for none. */
export interface Scene {
  readonly host: number;
  readonly peer: number;
}

export const NOWHERE: Scene = { host: 0, peer: 0 };

/** With these a role is over. */
const ENDINGS: ReadonlySet<number> = new Set([
  ZAB_EVENTS.looking,
  ZAB_EVENTS.leaving,
  WORLD_EVENTS.processEnded,
]);

/** Keeps in mind who leads and who follows, for faults that strike whoever does. */
export class Cast {
  private readonly voters: readonly number[];
  private readonly roles = new Map<number, 'leader' | 'learner'>();
  private readonly running = new Set<number>();
  /** Who was established last, as long as it does not give up; 0 for nobody. */
  private leader = 0;

  constructor(voters: readonly number[]) {
    this.voters = voters;
  }

  observe(host: number, kind: number): void {
    switch (kind) {
      case ZAB_EVENTS.leading:
        this.roles.set(host, 'leader');
        break;
      case ZAB_EVENTS.following:
      case ZAB_EVENTS.observing:
        this.roles.set(host, 'learner');
        break;
      case ZAB_EVENTS.established:
        this.leader = host;
        break;
      case WORLD_EVENTS.processStarted:
        this.running.add(host);
        break;
      case WORLD_EVENTS.processEnded:
        this.running.delete(host);
        break;
    }
  }

  /** To be called behind the faults that wait for an event: at its end a role still counts. */
  settle(host: number, kind: number): void {
    if (!ENDINGS.has(kind)) return;
    this.roles.delete(host);
    if (this.leader === host) this.leader = 0;
  }

  /** As what a server acts, `null` while it looks for a leader or does not run. */
  roleOf(host: number): 'leader' | 'learner' | null {
    return this.roles.get(host) ?? null;
  }

  /** @returns the server; `null` if nobody is that at this time */
  find(whom: Whom, scene: Scene): number | null {
    if (typeof whom === 'number') return whom;
    if (whom === 'itself') return scene.host || null;
    if (whom === 'peer') return scene.peer || null;
    return this.whoIs(whom);
  }

  private whoIs(role: Role): number | null {
    if (role === 'leader') return this.leader || null;
    const isFollower = (id: number): boolean => this.running.has(id) && id !== this.leader;
    return this.voters.findLast(isFollower) ?? null;
  }
}
