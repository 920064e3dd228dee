import fc from 'fast-check';
import { OPEN_ACL, PERM } from '../../src/keeper/acl.ts';
import { digestId } from '../../src/keeper/auth.ts';
import { OP } from '../../src/keeper/codes.ts';
import type {
  Data,
  MultiOp,
  MultiReadOp,
  Question,
  RequestedAcl,
} from '../../src/keeper/requests.ts';
import type { Zxid } from '../../src/zab/zxid.ts';

export const SUPER_PASSWORD = 'super:test';

const UTF8 = new TextEncoder();

/** Few enough that they meet. */
const NODES = ['/a', '/b', '/a/x', '/a/y', '/b/x', '/a/x/1', '/b/s-', '/a/', '/', '/c'];
const BAD_PATHS = [
  '',
  'a',
  'a/b',
  '//a',
  '/a//b',
  '/.',
  '/a/..',
  '/a\0b',
  '/a/\u0001',
  '/\ud83d\ude00',
];
const OWN_PATHS = [
  '/zookeeper',
  '/zookeeper/config',
  '/zookeeper/quota',
  '/zookeeper/quota/a',
  '/zookeeper/quota/a/zookeeper_limits',
  '/zookeeper/quota/a/zookeeper_stats',
];
const PASSWORDS = ['alice:secret', 'bob:secret', SUPER_PASSWORD];
const LIMITS = ['count=3,bytes=20', 'count=-1,bytes=-1=;byteHardLimit=9;countHardLimit=3'].map(
  (text) => UTF8.encode(text),
);

const path = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...NODES) },
  { weight: 1, arbitrary: fc.constantFrom(...BAD_PATHS) },
  { weight: 2, arbitrary: fc.constantFrom(...OWN_PATHS) },
);

const version = fc.oneof(
  { weight: 3, arbitrary: fc.constant(-1) },
  { weight: 2, arbitrary: fc.nat(2) },
  { weight: 1, arbitrary: fc.constantFrom(-2, 7) },
);

const data: fc.Arbitrary<Data> = fc.oneof(
  fc.constant(null),
  fc.string({ maxLength: 6 }).map((text) => UTF8.encode(text)),
  fc.constantFrom(...LIMITS),
);

const entry = fc.record({
  perms: fc.constantFrom(0, PERM.READ, PERM.ALL - PERM.ADMIN, PERM.ALL - PERM.CREATE, PERM.ALL),
  id: fc.constantFrom(
    { scheme: 'world', id: 'anyone' },
    { scheme: 'auth', id: '' },
    { scheme: 'digest', id: digestId('alice:secret') },
    { scheme: 'ip', id: '10.9.0.0/16' },
    { scheme: 'ip', id: '10.8.0.1' },
    { scheme: 'digest', id: 'nocolon' },
    { scheme: 'nosuch', id: 'x' },
    { scheme: null, id: null },
  ),
});

/** What a server makes of totals that are no totals is nobody's business. */
function withNumbers<Body extends { readonly path: string; readonly data: Data }>(
  body: Body,
): Body {
  const isQuota = /zookeeper_(limits|stats)$/.test(body.path);
  return isQuota
    ? { ...body, data: LIMITS[(body.data?.length ?? 0) % LIMITS.length] ?? null }
    : body;
}

/** Within a multi, quotas are those from before it, which the model does not tell apart. */
function isNoQuota({ body }: MultiOp): boolean {
  return !('path' in body) || !body.path.startsWith('/zookeeper/quota/');
}

const acl: fc.Arbitrary<RequestedAcl> = fc.oneof(
  { weight: 8, arbitrary: fc.constant(OPEN_ACL) },
  {
    weight: 3,
    arbitrary: fc
      .array(entry, { maxLength: 3 })
      .map((entries) => entries.map(({ perms, id }) => ({ perms, ...id }))),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);

const flags = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 0, 1, 2, 3) },
  { weight: 1, arbitrary: fc.constantFrom(4, 5, 6) },
);
const badFlags = fc.constantFrom(-1, 7, 100);

const createBody = fc.record({ path, data, acl, flags }).map(withNumbers);

const part: fc.Arbitrary<MultiOp> = fc.oneof(
  { weight: 4, arbitrary: createBody.map((body) => ({ type: OP.create, body })) },
  { weight: 2, arbitrary: createBody.map((body) => ({ type: OP.create2, body })) },
  {
    weight: 1,
    arbitrary: createBody.map((body) => ({
      type: OP.createContainer,
      body: { ...body, flags: 4 },
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(createBody, fc.constantFrom(5, 6), fc.constantFrom(-1, 0, 1, 400, 1e6))
      .map(([body, mode, ttl]) => ({ type: OP.createTTL, body: { ...body, flags: mode, ttl } })),
  },
  {
    weight: 3,
    arbitrary: fc.record({ path, version }).map((body) => ({ type: OP.delete, body })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ path, data, version })
      .map((body) => ({ type: OP.setData, body: withNumbers(body) })),
  },
  { weight: 2, arbitrary: fc.record({ path, version }).map((body) => ({ type: OP.check, body })) },
);

const write: fc.Arbitrary<Question> = fc.oneof(
  { weight: 14, arbitrary: part as fc.Arbitrary<Exclude<MultiOp, { type: typeof OP.unknown }>> },
  {
    weight: 1,
    arbitrary: fc
      .tuple(createBody, badFlags)
      .map(([body, mode]) => ({ type: OP.create, body: { ...body, flags: mode } })),
  },
  {
    weight: 2,
    arbitrary: fc.record({ path, acl, version }).map((body) => ({ type: OP.setACL, body })),
  },
  {
    weight: 4,
    arbitrary: fc
      .array(part, { maxLength: 4 })
      .map((ops) => ({ type: OP.multi, body: { ops: ops.filter(isNoQuota) } })),
  },
  {
    weight: 1,
    arbitrary: fc.array(part, { maxLength: 2 }).map((ops) => {
      const unknown: MultiOp = { type: OP.unknown, body: { type: 999 } };
      return { type: OP.multi, body: { ops: [...ops, unknown] } };
    }),
  },
  { weight: 1, arbitrary: fc.record({ path }).map((body) => ({ type: OP.deleteContainer, body })) },
  {
    weight: 1,
    arbitrary: fc.constant({
      type: OP.reconfig,
      body: { joining: null, leaving: null, newMembers: null, curConfigId: -1 as Zxid },
    }),
  },
);

const pathWatch = fc.record({ path, watch: fc.boolean() });
const paths = fc.array(path, { maxLength: 2 });
const watches = {
  relativeZxid: fc.constant(0 as Zxid),
  data: paths,
  exist: paths,
  child: paths,
};
const readPart: fc.Arbitrary<MultiReadOp> = fc
  .tuple(fc.constantFrom(OP.getData, OP.getChildren), pathWatch)
  .map(([type, body]) => ({ type, body }));

const read: fc.Arbitrary<Question> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(OP.exists, OP.getData, OP.getChildren, OP.getChildren2), pathWatch)
      .map(([type, body]) => ({ type, body })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(OP.getACL, OP.getAllChildrenNumber, OP.sync), fc.record({ path }))
      .map(([type, body]) => ({ type, body })),
  },
  fc.array(readPart, { maxLength: 3 }).map((ops) => ({ type: OP.multiRead, body: { ops } })),
  path.map((prefixPath) => ({ type: OP.getEphemerals, body: { prefixPath } })),
  fc.record({ path, mode: fc.constantFrom(0, 1, 2) }).map((body) => ({ type: OP.addWatch, body })),
  fc
    .tuple(
      fc.constantFrom(OP.checkWatches, OP.removeWatches),
      fc.record({ path, watcherType: fc.integer({ min: 0, max: 4 }) }),
    )
    .map(([type, body]) => ({ type, body })),
  fc.record(watches).map((body) => ({ type: OP.setWatches, body })),
  fc
    .record({ ...watches, persistent: paths, persistentRecursive: paths })
    .map((body) => ({ type: OP.setWatches2, body })),
  fc.constantFrom(OP.ping, OP.whoAmI).map((type) => ({ type, body: null })),
);

const ending: fc.Arbitrary<Question> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ type: OP.closeSession, body: null }) },
  { weight: 1, arbitrary: fc.constant({ type: OP.unknown, body: { type: 999 } }) },
  {
    weight: 1,
    arbitrary: fc.constant({ type: OP.auth, body: { scheme: 'nosuch', auth: new Uint8Array(0) } }),
  },
);

const proof: fc.Arbitrary<Question> = fc.constantFrom(...PASSWORDS).map((password) => {
  return { type: OP.auth, body: { scheme: 'digest', auth: UTF8.encode(password) } };
});

/** All that a client can ask for, sense and nonsense; the longer a session lives the better. */
export const questionArbitrary: fc.Arbitrary<Question> = fc.oneof(
  { weight: 24, arbitrary: write },
  { weight: 16, arbitrary: read },
  { weight: 2, arbitrary: proof },
  { weight: 1, arbitrary: ending },
);
