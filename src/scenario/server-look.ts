import { SERVER_STATE } from '../zab/messages.ts';
import { readDisk } from '../zab/recovery.ts';
import { type Epoch, ZXID_ZERO, type Zxid } from '../zab/zxid.ts';
import type { Ensemble } from './ensemble.ts';

/** As ZooKeeper calls what a server does. */
export type Role = keyof typeof SERVER_STATE;

export type Condition = 'not started' | 'down' | 'paused' | 'up';

/** What a server believes, and what is on its disk. */
export interface ServerLook {
  readonly server: number;
  readonly condition: Condition;
  /** Servers that do not hear it, or that it does not hear. */
  readonly cutFrom: readonly number[];
  /** `null` when it does not run. */
  readonly role: Role | null;
  /** Whom it votes for while it is LOOKING, whom it follows later; `null` when it does not run. */
  readonly leader: number | null;
  /** Whether it serves clients: synchronised, with a quorum behind its leader. */
  readonly isServing: boolean;
  readonly acceptedEpoch: Epoch;
  readonly currentEpoch: Epoch;
  /** The end of its log. */
  readonly lastLogged: Zxid;
  /** The end of what its tree shows; `null` when it does not run. */
  readonly lastApplied: Zxid | null;
}

/** @param vote whom the server voted for last, if that is known */
export function lookAtServer(ensemble: Ensemble, server: number, vote: number | null): ServerLook {
  const { world, serverIds } = ensemble;
  const found = ensemble.find(server);
  const condition = found === null ? 'not started' : conditionOf(world.host(server));
  const cutFrom = serverIds.filter((other) => {
    return world.link(server, other).isCut || world.link(other, server).isCut;
  });
  if (found === null) return { ...NOTHING, server, condition, cutFrom };
  const { peer, role } = found;
  const { storage } = peer.ports;
  if (condition === 'down') {
    const recovered = readDisk(storage, peer.config.counterStart);
    return {
      ...NOTHING,
      server,
      condition,
      cutFrom,
      acceptedEpoch: storage.cell('acceptedEpoch') ?? 0,
      currentEpoch: storage.cell('currentEpoch') ?? 0,
      lastLogged: typeof recovered === 'string' ? ZXID_ZERO : recovered.lastZxid,
    };
  }
  const { acceptedEpoch, currentEpoch, log } = peer.persistence;
  const isLooking = peer.state === SERVER_STATE.LOOKING;
  return {
    server,
    condition,
    cutFrom,
    role: roleName(peer.state),
    leader: isLooking ? vote : peer.currentVote.leader,
    isServing: role !== 'none',
    acceptedEpoch,
    currentEpoch,
    lastLogged: log.lastZxid,
    lastApplied: peer.lastZxid,
  };
}

const NOTHING = {
  role: null,
  leader: null,
  isServing: false,
  acceptedEpoch: 0,
  currentEpoch: 0,
  lastLogged: ZXID_ZERO,
  lastApplied: null,
};

export function conditionOf(host: {
  readonly incarnation: number;
  readonly program: unknown;
  readonly isPaused: boolean;
}): Condition {
  if (host.incarnation === 0) return 'not started';
  if (host.program === null) return 'down';
  return host.isPaused ? 'paused' : 'up';
}

function roleName(state: number): Role | null {
  const entry = Object.entries(SERVER_STATE).find(([, number]) => number === state);
  return (entry?.[0] ?? null) as Role | null;
}
