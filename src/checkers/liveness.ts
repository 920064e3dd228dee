import type { EnsembleConfig } from '../zab/config.ts';
import type { Zxid } from '../zab/zxid.ts';
import { Tally } from './tally.ts';
import type { Property } from './violation.ts';

/** A server after the heal. */
export interface ServerStanding {
  readonly sid: number;
  /** Whether it leads an ensemble, or follows in one, and serves clients. */
  readonly role: 'leader' | 'learner' | 'none';
  readonly lastTxnZxid: Zxid;
  readonly digest: number;
}

/** A client after the heal. */
export interface ClientStanding {
  readonly client: number;
  readonly isConnected: boolean;
  /** Operations that have no outcome. */
  readonly openCount: number;
}

/** Progress that is owed and has not been made. */
export interface Missing {
  readonly property: Property;
  readonly message: string;
}

/**
 * What is still missing in an ensemble that nothing disturbs any more: one leader, all servers
 * with it and in the same state, every client served.
 *
 * @param tally says what is judged
 * @returns the first thing that is missing, `null` when nothing is
 */
export function missingProgress(
  servers: readonly ServerStanding[],
  clients: readonly ClientStanding[],
  tally: Tally = new Tally(),
): Missing | null {
  return (
    tally.keep(missingLeader(servers)) ??
    tally.keep(missingServer(servers)) ??
    tally.keep(missingAnswer(clients)) ??
    tally.keep(missingState(servers))
  );
}

function missingLeader(servers: readonly ServerStanding[]): Missing | null {
  const leaders = servers.filter(({ role }) => role === 'leader');
  if (leaders.length === 1) return null;
  const list = leaders.map(({ sid }) => sid).join(', ');
  return { property: 'leader', message: leaders.length === 0 ? 'nobody leads' : `${list} lead` };
}

function missingServer(servers: readonly ServerStanding[]): Missing | null {
  const outside = servers.find(({ role }) => role === 'none');
  if (outside === undefined) return null;
  return { property: 'convergence', message: `server ${outside.sid} does not serve` };
}

function missingAnswer(clients: readonly ClientStanding[]): Missing | null {
  const open = clients.find(({ openCount }) => openCount > 0);
  if (open !== undefined) {
    const { client, openCount } = open;
    return { property: 'answers', message: `client ${client} waits for ${openCount} answers` };
  }
  const outOfReach = clients.find(({ isConnected }) => !isConnected);
  if (outOfReach === undefined) return null;
  return { property: 'answers', message: `client ${outOfReach.client} finds no server` };
}

function missingState(servers: readonly ServerStanding[]): Missing | null {
  const [first] = servers;
  const other = servers.find(
    ({ lastTxnZxid, digest }) => lastTxnZxid !== first?.lastTxnZxid || digest !== first?.digest,
  );
  if (other === undefined) return null;
  return {
    property: 'convergence',
    message: `server ${other.sid} is not in the state of server ${first?.sid}`,
  };
}

/** TCP and supervisors come back within this; the rest depends on the ensemble's settings. */
const BASE_MICROS = 10_000_000;
/** Leaders that may fail in turn because others were not there yet. */
const FAILED_LEADERS = 3;

/** After so many microseconds without faults, progress is owed. */
export function recoveryBoundMicros(
  config: Omit<EnsembleConfig, 'voters' | 'observers'>,
  sessionTimeoutMs: number,
): number {
  const { tickTimeMs, initLimit, syncLimit, electionPollMaxMs, finalizeWaitMs } = config;
  const takeOffice = 3 * initLimit * tickTimeMs;
  const election = electionPollMaxMs + 3 * finalizeWaitMs + takeOffice;
  const stepDown = (syncLimit + 2) * tickTimeMs;
  const milliseconds = stepDown + FAILED_LEADERS * election + 2 * sessionTimeoutMs;
  return BASE_MICROS + milliseconds * 1000;
}
