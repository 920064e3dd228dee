import { KEEPER_EVENTS } from '../keeper/events.ts';
import { formatSessionId } from '../keeper/session-id.ts';
import type { Views } from './protocol-checker.ts';
import type { Violation } from './violation.ts';

/**
 * Watches over who ends sessions, while a run goes on. Only the leader hears of a session wherever
 * its client is connected, so only the leader may decide that it has been silent for too long.
 */
export class SessionChecker {
  violation: Violation | null = null;
  private readonly views: Views;

  constructor(views: Views) {
    this.views = views;
  }

  observe(sid: number, kind: number, value: number): void {
    if (kind !== KEEPER_EVENTS.sessionExpired || this.violation !== null) return;
    const { role } = this.views.server(sid);
    if (role === 'leader') return;
    const session = formatSessionId(value);
    const { now, eventCount } = this.views;
    const message = `server ${sid} has ended session ${session}, and is no leader`;
    this.violation = { property: 'session-expiry', message, at: now, seq: eventCount };
  }
}
