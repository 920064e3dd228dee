import { describe, expect, it } from 'vitest';
import {
  type ClientStanding,
  missingProgress,
  recoveryBoundMicros,
  type ServerStanding,
} from '../../src/checkers/liveness.ts';
import { DEFAULT_TIMING } from '../../src/zab/config.ts';
import { makeZxid } from '../../src/zab/zxid.ts';

/** Server 3 leads 1 and 2, all are in one state, and both clients are served. */
const SERVERS: readonly ServerStanding[] = [1, 2, 3].map((sid) => ({
  sid,
  role: sid === 3 ? 'leader' : 'learner',
  lastTxnZxid: makeZxid(2, 7),
  digest: 4711,
}));
const CLIENTS: readonly ClientStanding[] = [1, 2].map((client) => ({
  client,
  isConnected: true,
  openCount: 0,
}));

function withServer(sid: number, changes: Partial<ServerStanding>): ServerStanding[] {
  return SERVERS.map((server) => (server.sid === sid ? { ...server, ...changes } : server));
}

function withClient(changes: Partial<ClientStanding>): ClientStanding[] {
  return CLIENTS.map((client) => (client.client === 2 ? { ...client, ...changes } : client));
}

describe('progress', () => {
  it('is complete with one leader, all servers in one state, and all clients served', () => {
    expect(missingProgress(SERVERS, CLIENTS)).toBeNull();
  });

  it('needs no clients', () => {
    expect(missingProgress(SERVERS, [])).toBeNull();
  });

  it('is missing while nobody leads', () => {
    expect(missingProgress(withServer(3, { role: 'learner' }), CLIENTS)).toEqual({
      property: 'leader',
      message: 'nobody leads',
    });
  });

  it('is missing while two lead', () => {
    expect(missingProgress(withServer(1, { role: 'leader' }), CLIENTS)).toEqual({
      property: 'leader',
      message: '1, 3 lead',
    });
  });

  it('is missing while a server is outside', () => {
    expect(missingProgress(withServer(2, { role: 'none' }), CLIENTS)).toEqual({
      property: 'convergence',
      message: 'server 2 does not serve',
    });
  });

  it('is missing while an operation is open', () => {
    expect(missingProgress(SERVERS, withClient({ openCount: 4 }))).toEqual({
      property: 'answers',
      message: 'client 2 waits for 4 answers',
    });
  });

  it('is missing while a client finds no server', () => {
    expect(missingProgress(SERVERS, withClient({ isConnected: false }))).toEqual({
      property: 'answers',
      message: 'client 2 finds no server',
    });
  });

  it.each([
    ['lags behind', { lastTxnZxid: makeZxid(2, 6) }],
    ['has another tree', { digest: 4712 }],
  ])('is missing while a server %s', (_, changes) => {
    for (const sid of [2, 3]) {
      expect(missingProgress(withServer(sid, changes), CLIENTS)).toEqual({
        property: 'convergence',
        message: `server ${sid} is not in the state of server 1`,
      });
    }
  });
});

describe('the bound on recovery', () => {
  const SESSION_MS = 10_000;
  const bound = recoveryBoundMicros(DEFAULT_TIMING, SESSION_MS);

  it('leaves time for the old leader to step down, an election, an office, and two sessions', () => {
    const { tickTimeMs, initLimit, syncLimit, electionPollMaxMs } = DEFAULT_TIMING;
    const least =
      syncLimit * tickTimeMs + electionPollMaxMs + 3 * initLimit * tickTimeMs + 2 * SESSION_MS;
    expect(bound).toBeGreaterThan(least * 1000);
  });

  it.each(['tickTimeMs', 'initLimit', 'syncLimit', 'electionPollMaxMs', 'finalizeWaitMs'] as const)(
    'grows with %s',
    (name) => {
      const timing = { ...DEFAULT_TIMING, [name]: DEFAULT_TIMING[name] + 1 };
      expect(recoveryBoundMicros(timing, SESSION_MS)).toBeGreaterThan(bound);
    },
  );

  it('grows with the time-out of the sessions', () => {
    expect(recoveryBoundMicros(DEFAULT_TIMING, SESSION_MS + 1)).toBe(bound + 2000);
  });
});
