import { CODE } from '../../keeper/codes.ts';
import { nameOf } from '../../keeper/path.ts';
import { ANY_VERSION, CREATE_MODE, type Data } from '../../keeper/requests.ts';
import type { Zxid } from '../../zab/zxid.ts';
import { attempt, type Calls, orNull } from '../calls.ts';
import { Signal, type Steps } from '../task.ts';
import type { Watcher } from '../watcher.ts';
import type { Participant } from './participant.ts';

/** A node of one's own, and the transaction that made it. */
export interface OwnNode {
  readonly path: string;
  readonly czxid: Zxid;
}

/** Makes a node of one's own in a line: one, however often answers are lost. */
export type StandIn = (
  participant: Participant,
  dir: string,
  label: string,
  data: Data,
) => Steps<OwnNode>;

/** Makes a node and those above it, unless they are there. */
export function* ensurePath(zk: Calls, path: string): Steps<void> {
  for (let end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
    const part = end < 0 ? path : path.slice(0, end);
    yield* ensureNode(zk, part, null);
    if (end < 0) return;
  }
}

/** Makes a node unless it is there; whose it is makes no difference. */
export function* ensureNode(zk: Calls, path: string, data: Data): Steps<void> {
  if ((yield* zk.exists(path)) !== null) return;
  for (;;) {
    const creation = zk.create(path, data, CREATE_MODE.PERSISTENT);
    const { code } = yield* attempt(creation, CODE.NODEEXISTS, CODE.CONNECTIONLOSS);
    if (code !== CODE.CONNECTIONLOSS) return;
  }
}

/**
 * Makes an ephemeral sequential node exactly once: its name begins with one that nobody else has.
 * When an answer is lost a sync comes before the look: the create may still be on its way, and
 * then it would not be seen.
 */
export const standInOnce: StandIn = function* (participant, dir, label, data) {
  const { zk } = participant;
  const guid = participant.guid();
  for (;;) {
    const creation = zk.create(`${dir}/${guid}-${label}-`, data, CREATE_MODE.EPHEMERAL_SEQUENTIAL);
    const made = yield* orNull(creation, CODE.CONNECTIONLOSS);
    if (made !== null) return { path: made.path, czxid: made.stat.czxid };
    yield* zk.sync(dir);
    const { children } = yield* zk.getChildren(dir);
    const name = children.find((child) => child.startsWith(guid));
    const own = name === undefined ? null : yield* ownNode(zk, `${dir}/${name}`);
    if (own !== null) return own;
  }
};

/**
 * Makes an ephemeral node under a name of the participant's own. One that a session before has left
 * behind is removed: it would vanish with that session.
 */
export function* createOwn(zk: Calls, path: string, data: Data): Steps<OwnNode> {
  for (;;) {
    const own = yield* claimName(zk, path, data);
    if (own !== null) return own;
    const stale = yield* zk.exists(path);
    if (stale !== null) yield* orNull(zk.delete(path, stale.version), ...MAY_FAIL);
  }
}

/** What a delete of somebody else's node may end with; a look tells what has become of it. */
const MAY_FAIL = [CODE.CONNECTIONLOSS, CODE.NONODE, CODE.BADVERSION] as const;

/**
 * Makes an ephemeral node under a name that others may want too.
 *
 * @returns `null` if somebody else has it
 */
export function* claimName(zk: Calls, path: string, data: Data): Steps<OwnNode | null> {
  for (;;) {
    const creation = zk.create(path, data, CREATE_MODE.EPHEMERAL);
    const made = yield* orNull(creation, CODE.CONNECTIONLOSS, CODE.NODEEXISTS);
    if (made !== null) return { path, czxid: made.stat.czxid };
    // An answer may have been lost: whether this session has made it only the node tells.
    yield* zk.sync(path);
    const stat = yield* zk.exists(path);
    if (stat === null) continue;
    return stat.ephemeralOwner === zk.session ? { path, czxid: stat.czxid } : null;
  }
}

/** The node if it is this session's. */
function* ownNode(zk: Calls, path: string): Steps<OwnNode | null> {
  const stat = yield* zk.exists(path);
  return stat?.ephemeralOwner === zk.session ? { path, czxid: stat.czxid } : null;
}

/** Removes a node of one's own, which nobody makes anew. */
export function* deleteSurely(zk: Calls, path: string): Steps<void> {
  for (;;) {
    const deletion = zk.delete(path, ANY_VERSION);
    const { code } = yield* attempt(deletion, CODE.NONODE, CODE.CONNECTIONLOSS);
    if (code !== CODE.CONNECTIONLOSS) return;
  }
}

/** The names of sequential nodes by their numbers; others are left out. */
export function inOrder(names: readonly string[]): string[] {
  return names.filter((name) => /\d{10}$/.test(name)).sort((a, b) => sequenceOf(a) - sequenceOf(b));
}

/** The number that the server has added. */
export function sequenceOf(name: string): number {
  return Number(name.slice(-10));
}

/**
 * Waits until nobody stands in the way. Only the one to wait for is watched, so that a departure
 * wakes one, or those who all wait for the same.
 *
 * @param blockerOf whom to wait for, among the names in their order and one's own place; `null` to
 *   go ahead
 * @returns the state in which the way was free, or `null` if somebody has removed one's own node
 */
export function* waitInLine(
  zk: Calls,
  own: OwnNode,
  dir: string,
  blockerOf: (line: readonly string[], place: number) => string | null,
): Steps<Zxid | null> {
  for (;;) {
    const { children, stat } = yield* zk.getChildren(dir);
    const line = inOrder(children);
    const place = line.indexOf(nameOf(own.path));
    if (place < 0) return null;
    const blocker = blockerOf(line, place);
    if (blocker === null) return stat.pzxid;
    yield* changeOf(zk, `${dir}/${blocker}`);
  }
}

/** Waits until a node changes or goes; not at all if it is not there. */
export function* changeOf(zk: Calls, path: string): Steps<void> {
  const changed = new Signal();
  // Not `exists`, which would leave a watch behind where there is no node.
  const found = yield* orNull(zk.getData(path, firing(changed)), CODE.NONODE);
  if (found !== null) yield* changed.wait();
}

/** A watcher that hears of a node, not of the connection. */
export function firing(signal: Signal): Watcher {
  return ({ type }) => {
    if (type !== 'None') signal.fire();
  };
}
