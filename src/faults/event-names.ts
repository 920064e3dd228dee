import { KEEPER_EVENTS } from '../keeper/events.ts';
import { WORLD_EVENTS } from '../world/events.ts';
import { ZAB_EVENTS } from '../zab/events.ts';
import { PACKET } from '../zab/messages.ts';

const TABLES: Readonly<Record<string, number>> = {
  ...ZAB_EVENTS,
  ...KEEPER_EVENTS,
  ...WORLD_EVENTS,
};

/** Events are numbered below this. */
export const EVENT_KIND_COUNT = 256;

/** The names of events by their numbers. */
export const EVENT_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(TABLES).map(([name, kind]) => [kind, name]),
);

/** The number of an event by its name; `undefined` if there is none. */
export function eventKind(name: string): number | undefined {
  return TABLES[name];
}

export function eventName(kind: number): string {
  return EVENT_NAMES.get(kind) ?? String(kind);
}

/** What a vote is called on its way; all else between servers is a packet of the quorum port. */
const NOTIFICATION = 'NOTIFICATION';

const PACKET_NAMES = new Map<number, string>(
  Object.entries(PACKET).map(([name, type]) => [type, name]),
);

/** What a message between servers is called; `null` for any other message. */
export function packetName(port: string, message: unknown): string | null {
  if (typeof message !== 'object' || message === null) return null;
  if (port === 'election') return 'peerEpoch' in message ? NOTIFICATION : null;
  if (port !== 'quorum' || !('type' in message)) return null;
  return PACKET_NAMES.get(Number(message.type)) ?? null;
}

const PACKET_EVENTS: readonly string[] = [NOTIFICATION, ...PACKET_NAMES.values()].flatMap(
  (name) => [`${name} sent`, `${name} received`],
);

/**
 * Everything that a fault can wait for: the events of servers and hosts as a trace shows them, and
 * the packets between servers, `NEWLEADER sent` and `NEWLEADER received`.
 */
export const TRIGGER_NAMES: readonly string[] = [...Object.keys(TABLES), ...PACKET_EVENTS];
