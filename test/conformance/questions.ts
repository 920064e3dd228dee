import { isWrite, OP } from '../../src/keeper/codes.ts';
import {
  type Data,
  type MultiOp,
  type MultiReadOp,
  type Question,
  type Request,
  XID,
} from '../../src/keeper/requests.ts';
import type { RecordedData, RecordedRequest, SingleRequest } from './format.ts';
import type { ZxidMap } from './zxid-map.ts';

const UTF8 = new TextEncoder();

/** The bytes that a recording stands for. */
export function toBytes(data: RecordedData): Data {
  if (data === null) return null;
  if (typeof data === 'string') return UTF8.encode(data);
  if ('fill' in data) return UTF8.encode(data.fill.repeat(data.len));
  return Uint8Array.from(data.hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/**
 * Requests are sent as objects, so none can be cut short. One that a server cannot decode is
 * answered like any other such: these stand in for all, as a write and as a read.
 */
const UNREADABLE_WRITE: Question = {
  type: OP.multi,
  body: { ops: [{ type: OP.unknown, body: { type: OP.unknown } }] },
};
const UNREADABLE_READ: Question = { type: OP.addWatch, body: { path: '/', mode: -1 } };

/** The request as a raw client sends it. @param xid of requests that have no special one */
export function toRequest(request: RecordedRequest, xid: number, zxids: ZxidMap): Request {
  const question = toQuestion(request, zxids);
  return { xid: specialXid(question) ?? xid, ...question };
}

function specialXid({ type }: Question): number | null {
  if (type === OP.ping) return XID.ping;
  return type === OP.auth ? XID.auth : null;
}

function toQuestion(request: RecordedRequest, zxids: ZxidMap): Question {
  switch (request.op) {
    case 'multi':
      return { type: OP.multi, body: { ops: request.ops.map((op) => toMultiOp(op, zxids)) } };
    case 'multiRead':
      return toMultiRead(request.ops);
    case 'raw':
      return toRaw(request.type);
    default:
      return toSingleQuestion(request, zxids);
  }
}

function toMultiRead(requests: readonly SingleRequest[]): Question {
  const ops: MultiReadOp[] = [];
  for (const request of requests) {
    if (request.op !== 'getData' && request.op !== 'getChildren') return UNREADABLE_READ;
    ops.push({ type: OP[request.op], body: bodyOf(request) });
  }
  return { type: OP.multiRead, body: { ops } };
}

/** A request with an empty body, which few can have. */
function toRaw(type: number): Question {
  if (type === OP.ping || type === OP.whoAmI || type === OP.closeSession) {
    return { type, body: null };
  }
  const known = Object.values(OP).find((op) => op === type);
  if (known === undefined || known === OP.notification || known === OP.error) {
    return { type: OP.unknown, body: { type } };
  }
  return isWrite(known) ? UNREADABLE_WRITE : UNREADABLE_READ;
}

function toMultiOp(request: SingleRequest, zxids: ZxidMap): MultiOp {
  const question = toSingleQuestion(request, zxids);
  switch (question.type) {
    case OP.create:
    case OP.create2:
    case OP.createContainer:
    case OP.createTTL:
    case OP.delete:
    case OP.check:
    case OP.setData:
    case OP.unknown:
      return question;
    default:
      return { type: OP.unknown, body: { type: question.type } };
  }
}

type SingleQuestion = Exclude<Question, { readonly type: typeof OP.multi | typeof OP.multiRead }>;

function toSingleQuestion(request: SingleRequest, zxids: ZxidMap): SingleQuestion {
  switch (request.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
      return { type: OP[request.op], body: { ...bodyOf(request), data: toBytes(request.data) } };
    case 'createTTL':
      return { type: OP.createTTL, body: { ...bodyOf(request), data: toBytes(request.data) } };
    case 'setData':
      return { type: OP.setData, body: { ...bodyOf(request), data: toBytes(request.data) } };
    case 'setACL':
      return { type: OP.setACL, body: bodyOf(request) };
    case 'delete':
    case 'check':
      return { type: OP[request.op], body: bodyOf(request) };
    case 'exists':
    case 'getData':
    case 'getChildren':
    case 'getChildren2':
      return { type: OP[request.op], body: bodyOf(request) };
    case 'getACL':
    case 'getAllChildrenNumber':
    case 'sync':
      return { type: OP[request.op], body: bodyOf(request) };
    case 'ping':
    case 'whoAmI':
    case 'closeSession':
      return { type: OP[request.op], body: null };
    case 'getEphemerals':
      return { type: OP.getEphemerals, body: { prefixPath: request.prefix ?? '' } };
    case 'addWatch':
      return { type: OP.addWatch, body: bodyOf(request) };
    case 'checkWatches':
    case 'removeWatches':
      return { type: OP[request.op], body: { path: request.path, watcherType: request.type } };
    case 'setWatches': {
      const relativeZxid = zxids.toSimulated(request.relativeZxid);
      return { type: OP.setWatches, body: { ...bodyOf(request), relativeZxid } };
    }
    case 'setWatches2': {
      const relativeZxid = zxids.toSimulated(request.relativeZxid);
      return { type: OP.setWatches2, body: { ...bodyOf(request), relativeZxid } };
    }
    case 'auth': {
      const auth = toBytes(request.data) ?? new Uint8Array(0);
      return { type: OP.auth, body: { scheme: request.scheme, auth } };
    }
    case 'reconfig': {
      const curConfigId = zxids.toSimulated(request.curConfigId);
      return { type: OP.reconfig, body: { ...bodyOf(request), curConfigId } };
    }
    case 'raw':
      return { type: OP.unknown, body: { type: request.type } };
  }
}

function bodyOf<R extends { readonly op: string }>(request: R): Omit<R, 'op'> {
  const { op: _, ...body } = request;
  return body;
}
