import { eventName } from '../faults/event-names.ts';
import { opName } from '../keeper/codes.ts';
import { KEEPER_EVENTS } from '../keeper/events.ts';
import type { Revalidation } from '../keeper/learner-pipeline.ts';
import type { ServerRequest } from '../keeper/server-request.ts';
import { formatSessionId } from '../keeper/session-id.ts';
import type { Transaction } from '../keeper/transaction.ts';
import type { TraceClock, TraceObserver } from '../scenario/run.ts';
import { ZAB_EVENTS } from '../zab/events.ts';
import { type Notification, PACKET, type QuorumPacket } from '../zab/messages.ts';
import { asZxid, epochOf, formatZxid } from '../zab/zxid.ts';

const PACKET_NAMES = new Map<number, string>(
  Object.entries(PACKET).map(([name, type]) => [type, name]),
);

const STATES = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'];

/** Events whose number is a zxid. */
const ZXID_EVENTS: ReadonlySet<number> = new Set([
  ZAB_EVENTS.recovered,
  ZAB_EVENTS.restored,
  ZAB_EVENTS.replayed,
  ZAB_EVENTS.captured,
  ZAB_EVENTS.voteChanged,
  ZAB_EVENTS.ackEpochSent,
  ZAB_EVENTS.learnerAhead,
  ZAB_EVENTS.diffChosen,
  ZAB_EVENTS.diffFromDiskChosen,
  ZAB_EVENTS.truncChosen,
  ZAB_EVENTS.truncDiffChosen,
  ZAB_EVENTS.snapChosen,
  ZAB_EVENTS.diffReceived,
  ZAB_EVENTS.truncReceived,
  ZAB_EVENTS.snapReceived,
  ZAB_EVENTS.snapshotRead,
  ZAB_EVENTS.truncated,
  ZAB_EVENTS.cutImpossible,
  ZAB_EVENTS.snapshotInstalled,
  ZAB_EVENTS.historyAppended,
  ZAB_EVENTS.historySynced,
  ZAB_EVENTS.proposed,
  ZAB_EVENTS.appended,
  ZAB_EVENTS.acked,
  ZAB_EVENTS.committed,
  ZAB_EVENTS.firstCommitOfEpoch,
  ZAB_EVENTS.delivered,
  ZAB_EVENTS.commitUnmatched,
  ZAB_EVENTS.historyGap,
  ZAB_EVENTS.badAck,
  ZAB_EVENTS.rolledOver,
  ZAB_EVENTS.logSynced,
  ZAB_EVENTS.snapshotsCut,
  ZAB_EVENTS.logCut,
  ZAB_EVENTS.snapshotTmpWritten,
  ZAB_EVENTS.snapshotBegun,
  ZAB_EVENTS.snapshotHalfWritten,
  ZAB_EVENTS.snapshotSaved,
  ZAB_EVENTS.snapshotSynced,
  KEEPER_EVENTS.clientAheadRefused,
]);

const SESSION_EVENTS: ReadonlySet<number> = new Set([
  KEEPER_EVENTS.sessionAttached,
  KEEPER_EVENTS.sessionMoved,
  KEEPER_EVENTS.sessionExpired,
  KEEPER_EVENTS.requestMoved,
  KEEPER_EVENTS.syncAsked,
]);

/**
 * Writes a run as JSON lines, one for everything that happens: `{seq, at, host, event, …}` for
 * what a server or the world did, `{seq, at, from, to, sent | received, …}` for messages.
 */
export class TraceWriter implements TraceObserver {
  private readonly write: (line: string) => void;
  private clock: TraceClock = { now: 0, eventCount: 0 };

  /** @param write takes one line, without its end */
  constructor(write: (line: string) => void) {
    this.write = write;
  }

  begin(clock: TraceClock): void {
    this.clock = clock;
  }

  observe(host: number, kind: number, value: number, peer: number, subject: unknown): void {
    this.line({
      host,
      event: eventName(kind),
      ...describeValue(kind, value),
      ...(peer === 0 ? {} : { peer }),
      ...(typeof subject === 'string' ? { why: subject } : {}),
    });
  }

  sent(from: number, to: number, port: string, message: unknown): void {
    this.line({ from, to, port, sent: describeMessage(message) });
  }

  received(from: number, to: number, port: string, message: unknown): void {
    this.line({ from, to, port, received: describeMessage(message) });
  }

  private line(fields: object): void {
    const { now, eventCount } = this.clock;
    this.write(JSON.stringify({ seq: eventCount, at: now, ...fields }));
  }
}

function describeValue(kind: number, value: number): object {
  if (ZXID_EVENTS.has(kind)) return { zxid: formatZxid(asZxid(value)) };
  if (SESSION_EVENTS.has(kind)) return { session: formatSessionId(value) };
  return { value };
}

/** A message as a trace shows it: its fields; of a quorum packet what tells it from others. */
export function describeMessage(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return message;
  if ('peerEpoch' in message && 'state' in message) {
    const { state, zxid, ...others } = message as Notification;
    return { state: STATES[state], zxid: formatZxid(zxid), ...others };
  }
  // Clients' messages have an `xid` besides.
  if ('zxid' in message && 'data' in message && 'type' in message) {
    return describePacket(message as QuorumPacket);
  }
  return JSON.parse(JSON.stringify(message, (_key, field) => plain(field)));
}

function describePacket(packet: QuorumPacket): object {
  const { type, zxid } = packet;
  return { packet: PACKET_NAMES.get(type), zxid: formatZxid(zxid), ...describeData(packet) };
}

function describeData({ type, zxid, data }: QuorumPacket): object {
  switch (type) {
    case PACKET.FOLLOWERINFO:
    case PACKET.OBSERVERINFO:
      return { sid: data, acceptedEpoch: epochOf(zxid) };
    case PACKET.ACKEPOCH:
      return { currentEpoch: data.currentEpoch ?? -1 };
    case PACKET.PROPOSAL:
    case PACKET.INFORM: {
      const { type: txnType, cxid } = data as Transaction;
      return { txn: opName(txnType), cxid };
    }
    case PACKET.REQUEST: {
      const { message } = data as ServerRequest;
      return { request: opName(message.type), cxid: message.xid };
    }
    case PACKET.REVALIDATE: {
      const { session, isAlive } = data as Revalidation;
      return { session: formatSessionId(session), ...(isAlive === null ? {} : { isAlive }) };
    }
    default:
      return {};
  }
}

/** Bytes as text, and no more of them than a reader wants. */
function plain(field: unknown): unknown {
  if (!(field instanceof Uint8Array)) return field;
  const end = field.indexOf(0);
  return new TextDecoder().decode(field.subarray(0, Math.min(end < 0 ? field.length : end, 40)));
}
