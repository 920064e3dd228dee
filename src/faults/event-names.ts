import { KEEPER_EVENTS } from '../keeper/events.ts';
import { WORLD_EVENTS } from '../world/events.ts';
import { ZAB_EVENTS } from '../zab/events.ts';

const TABLES: Readonly<Record<string, number>> = {
  ...ZAB_EVENTS,
  ...KEEPER_EVENTS,
  ...WORLD_EVENTS,
};

/** Events are numbered below this. */
export const EVENT_KIND_COUNT = 256;

/** Every event that a fault can be triggered by, and a trace can show. */
export const EVENT_NAMES: readonly string[] = Object.keys(TABLES);

const NAMES = new Map(Object.entries(TABLES).map(([name, kind]) => [kind, name]));

/** The number of an event by its name; `undefined` if there is none. */
export function eventKind(name: string): number | undefined {
  return TABLES[name];
}

export function eventName(kind: number): string {
  return NAMES.get(kind) ?? String(kind);
}
