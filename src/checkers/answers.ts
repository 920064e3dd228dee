import type { Operation } from '../client/history.ts';
import type { Acl } from '../keeper/acl.ts';
import { CODE, codeName, opName } from '../keeper/codes.ts';
import type { Data, MultiReadResult, MultiResult, Reply } from '../keeper/requests.ts';
import type { Stat } from '../keeper/stat.ts';
import type { ModelResult } from './models/znode-model.ts';

/** How an answer differs from what the model gives; `null` if it does not. */
export function compareAnswer(reply: Reply, expected: ModelResult): string | null {
  if (reply.err !== expected.err) {
    return differ('err', codeName(expected.err), codeName(reply.err));
  }
  const { body } = reply;
  if (body === null || expected.err !== CODE.OK) return null;
  if ('results' in body) return compareResults(body.results, expected.results ?? []);
  return compareBody(body, expected);
}

type Body = NonNullable<(Reply | MultiResult | MultiReadResult)['body']>;

function compareBody(body: Body, expected: ModelResult): string | null {
  if ('path' in body && body.path !== expected.path) {
    return differ('path', expected.path, body.path);
  }
  if ('data' in body && !isSameData(body.data, expected.data ?? null)) {
    return differ('data', text(expected.data ?? null), text(body.data));
  }
  if ('totalNumber' in body && body.totalNumber !== expected.totalNumber) {
    return differ('totalNumber', expected.totalNumber, body.totalNumber);
  }
  if ('errorField' in body && body.errorField !== 0)
    return differ('errorField', 0, body.errorField);
  const lists = compareLists(body, expected);
  if (lists !== null) return lists;
  if ('stat' in body && expected.stat !== undefined) return compareStat(body.stat, expected.stat);
  return null;
}

/** Lists whose order says nothing. */
function compareLists(body: Body, expected: ModelResult): string | null {
  if ('children' in body) {
    return compareSets('children', expected.children ?? [], body.children);
  }
  if ('ephemerals' in body) {
    return compareSets('ephemerals', expected.ephemerals ?? [], body.ephemerals);
  }
  if ('acl' in body) return compareSets('acl', aclText(expected.acl ?? []), aclText(body.acl));
  if ('clientInfo' in body) {
    const [want, have] = [expected.clientInfo ?? [], body.clientInfo].map((infos) =>
      infos.map(({ authScheme, user }) => `${authScheme}:${user}`),
    );
    return compareSets('clientInfo', want ?? [], have ?? []);
  }
  return null;
}

function compareResults(
  results: readonly (MultiResult | MultiReadResult)[],
  expected: NonNullable<ModelResult['results']>,
): string | null {
  if (results.length !== expected.length) {
    return differ('number of results', expected.length, results.length);
  }
  for (const [index, result] of results.entries()) {
    const want = expected[index];
    if (want === undefined) continue;
    const difference = compareResult(result, want);
    if (difference !== null) return `result ${index}: ${difference}`;
  }
  return null;
}

function compareResult(
  { type, body }: MultiResult | MultiReadResult,
  expected: NonNullable<ModelResult['results']>[number],
): string | null {
  if (type !== expected.type) return differ('type', opName(expected.type), opName(type));
  if (body === null) return null;
  if (!('err' in body)) return compareBody(body, expected);
  return body.err === expected.err
    ? null
    : differ('err', codeName(expected.err), codeName(body.err));
}

const STAT_FIELDS = [
  'czxid',
  'mzxid',
  'ctime',
  'mtime',
  'version',
  'cversion',
  'aversion',
  'ephemeralOwner',
  'dataLength',
  'numChildren',
  'pzxid',
] as const satisfies readonly (keyof Stat)[];

function compareStat(stat: Stat, expected: Stat): string | null {
  const field = STAT_FIELDS.find((name) => stat[name] !== expected[name]);
  return field === undefined ? null : differ(field, expected[field], stat[field]);
}

/** How two collections differ whose order says nothing. */
export function compareSets(
  what: string,
  expected: Iterable<string>,
  actual: readonly string[],
): string | null {
  const all = [...expected];
  // Mostly the order is the same too, which is cheaper to see.
  if (all.length === actual.length && all.every((item, index) => item === actual[index])) {
    return null;
  }
  const [want, have] = [all.sort().join(' '), [...actual].sort().join(' ')];
  return want === have ? null : differ(what, want, have);
}

export function differ(
  what: string,
  expected: string | number | undefined,
  actual: string | number,
): string {
  return `${what} should be ${expected ?? 'none'} and is ${actual}`;
}

/** Names an operation to a reader. */
export function describeOperation({ question, client, session, xid }: Operation): string {
  const path = question.body !== null && 'path' in question.body ? ` ${question.body.path}` : '';
  return `client ${client}'s ${opName(question.type)}${path} (session ${session}, xid ${xid})`;
}

function aclText(acl: Acl): string[] {
  return acl.map(({ perms, scheme, id }) => `${perms}:${scheme}:${id}`);
}

const decoder = new TextDecoder();

function text(data: Data): string {
  return data === null ? 'null' : decoder.decode(data);
}

function isSameData(a: Data, b: Data): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.length !== b.length) return false;
  return a.every((byte, index) => byte === b[index]);
}
