import { CODE, codeName, opName } from '../../src/keeper/codes.ts';
import {
  type Data,
  EVENT_TYPE,
  type MultiReadResult,
  type MultiResult,
  type Reply,
  type WatcherEvent,
} from '../../src/keeper/requests.ts';
import { formatSessionId, NO_SESSION, type SessionId } from '../../src/keeper/session-id.ts';
import type { Stat } from '../../src/keeper/stat.ts';
import type { Json, JsonObject } from './json.ts';
import type { ZxidMap } from './zxid-map.ts';

/** The answer to one request: `result` or `error`, with the stat and the zxid that came with it. */
export type Answer = {
  readonly result?: JsonObject;
  readonly error?: JsonObject;
  readonly stat?: JsonObject;
  readonly zxid: number;
};

const EVENT_NAMES = new Map<number, string>(
  Object.entries(EVENT_TYPE).map(([name, type]) => [type, name]),
);

/** Puts what a simulated server says into the form that recordings have. */
export class NormalForm {
  private readonly zxids: ZxidMap;
  private readonly aliases: ReadonlyMap<SessionId, string>;

  /** @param aliases of each session, the one under which it was made */
  constructor(zxids: ZxidMap, aliases: ReadonlyMap<SessionId, string>) {
    this.zxids = zxids;
    this.aliases = aliases;
  }

  answer({ err, zxid, body }: Reply): Answer {
    const header = { zxid: this.zxids.toRecorded(zxid) };
    if (err !== CODE.OK) return { error: errorOf(err), ...header };
    const result = this.result(body);
    if (body === null || !('stat' in body)) return { result, ...header };
    return { result, stat: this.stat(body.stat), ...header };
  }

  stat(stat: Stat): JsonObject {
    const { version, cversion, aversion, dataLength, numChildren } = stat;
    return {
      czxid: this.zxids.toRecorded(stat.czxid),
      mzxid: this.zxids.toRecorded(stat.mzxid),
      pzxid: this.zxids.toRecorded(stat.pzxid),
      version,
      cversion,
      aversion,
      ephemeralOwner: this.alias(stat.ephemeralOwner),
      dataLength,
      numChildren,
    };
  }

  private alias(session: SessionId): string | null {
    if (session === NO_SESSION) return null;
    return this.aliases.get(session) ?? formatSessionId(session);
  }

  /** The body, but for the stat, which stands beside the result. */
  private result(body: Reply['body']): JsonObject {
    if (body === null) return {};
    if ('acl' in body) {
      return { acl: body.acl.map(({ perms, scheme, id }) => ({ perms, scheme, id })) };
    }
    if ('clientInfo' in body) {
      const info = body.clientInfo.map(({ authScheme, user }) => ({ scheme: authScheme, user }));
      return { clientInfo: info };
    }
    if ('results' in body) return { ops: body.results.map((result) => this.subResult(result)) };
    if ('totalNumber' in body) return { totalNumber: body.totalNumber };
    if ('errorField' in body) return { errorField: body.errorField };
    if ('ephemerals' in body) return { ephemerals: [...body.ephemerals].sort() };
    return nodeResult(body);
  }

  private subResult({ type, body }: MultiResult | MultiReadResult): JsonObject {
    const op = opName(type);
    if (body === null) return { op };
    if ('err' in body) return { op, error: errorOf(body.err) };
    const stat = 'stat' in body ? { stat: this.stat(body.stat) } : {};
    return { op, ...nodeResult(body), ...stat };
  }
}

export function eventOf({ type, path }: WatcherEvent): { readonly type: string; path: string } {
  return { type: EVENT_NAMES.get(type) ?? String(type), path };
}

export function errorOf(code: number): JsonObject {
  return { code, name: codeName(code) };
}

interface NodeBody {
  readonly path?: string;
  readonly data?: Data;
  readonly children?: readonly string[];
  readonly stat?: Stat;
}

/** What answers say of a node, but for its stat. */
function nodeResult(body: NodeBody): JsonObject {
  if (body.path !== undefined) return { path: body.path };
  if (body.data !== undefined) return { data: dataOf(body.data) };
  if (body.children !== undefined) return { children: [...body.children].sort() };
  return {};
}

/** Text if the bytes are that, else hexadecimal. Runs of a character are left as they are. */
export function dataOf(data: Data): Json {
  if (data === null) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return { hex: Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('') };
  }
}
