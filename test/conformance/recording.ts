import { z } from 'zod';
import { InputError } from '../../src/scenario/input-error.ts';
import type { Command, Outcome, RecordedConfig, Recording, Step } from './format.ts';

/** 64 bits wide in a request; numbers that JSON cannot say exactly are as good as their neighbours. */
const long = z.number().refine(Number.isInteger, 'not an integer');

const path = z.string();
const version = z.int();
const watch = z.boolean().default(false);
const paths = z.array(z.string());

const data = z.union([
  z.null(),
  z.string(),
  z.strictObject({ hex: z.string().regex(/^([0-9a-f]{2})*$/i, 'not hexadecimal bytes') }),
  z.strictObject({ fill: z.string().length(1), len: z.int().min(0) }),
]);

const acl = z
  .array(
    z.strictObject({ perms: z.int(), scheme: z.string().nullable(), id: z.string().nullable() }),
  )
  .nullable();

const created = { path, data, acl, flags: z.int() };
const watched = { relativeZxid: long, data: paths, exist: paths, child: paths };

const SINGLE_REQUESTS = [
  z.strictObject({ op: z.literal('getData'), path, watch }),
  z.strictObject({ op: z.literal('getChildren'), path, watch }),
  z.strictObject({ op: z.literal('create'), ...created }),
  z.strictObject({ op: z.literal('create2'), ...created }),
  z.strictObject({ op: z.literal('createContainer'), ...created }),
  z.strictObject({ op: z.literal('createTTL'), ...created, ttl: long }),
  z.strictObject({ op: z.literal('delete'), path, version }),
  z.strictObject({ op: z.literal('check'), path, version }),
  z.strictObject({ op: z.literal('setData'), path, data, version }),
  z.strictObject({ op: z.literal('setACL'), path, acl, version }),
  z.strictObject({ op: z.literal('exists'), path, watch }),
  z.strictObject({ op: z.literal('getChildren2'), path, watch }),
  z.strictObject({ op: z.literal('getACL'), path }),
  z.strictObject({ op: z.literal('getAllChildrenNumber'), path }),
  z.strictObject({ op: z.literal('sync'), path }),
  z.strictObject({ op: z.literal('getEphemerals'), prefix: z.string().nullable() }),
  z.strictObject({ op: z.literal('addWatch'), path, mode: z.int() }),
  z.strictObject({ op: z.literal('checkWatches'), path, type: z.int() }),
  z.strictObject({ op: z.literal('removeWatches'), path, type: z.int() }),
  z.strictObject({ op: z.literal('setWatches'), ...watched }),
  z.strictObject({
    op: z.literal('setWatches2'),
    ...watched,
    persistent: paths,
    persistentRecursive: paths,
  }),
  z.strictObject({ op: z.literal('auth'), scheme: z.string(), data }),
  z.strictObject({
    op: z.literal('reconfig'),
    joining: z.string().nullable(),
    leaving: z.string().nullable(),
    newMembers: z.string().nullable(),
    curConfigId: long,
  }),
  z.strictObject({ op: z.literal('ping') }),
  z.strictObject({ op: z.literal('whoAmI') }),
  z.strictObject({ op: z.literal('closeSession') }),
  z.strictObject({ op: z.literal('raw'), type: z.int() }),
] as const;

const REQUESTS = [
  ...SINGLE_REQUESTS,
  z.strictObject({
    op: z.literal('multi'),
    ops: z.array(z.discriminatedUnion('op', SINGLE_REQUESTS)),
  }),
  z.strictObject({
    op: z.literal('multiRead'),
    ops: z.array(z.discriminatedUnion('op', SINGLE_REQUESTS)),
  }),
] as const;

const command: z.ZodType<Command> = z.discriminatedUnion('op', [
  ...REQUESTS,
  z.strictObject({
    op: z.literal('pipeline'),
    ops: z.array(z.discriminatedUnion('op', REQUESTS)),
  }),
  z.strictObject({
    op: z.literal('connect'),
    timeoutMs: z.int(),
    resume: z.string().optional(),
    rawSessionId: long.optional(),
    password: z.literal('wrong').optional(),
    lastZxidSeen: long.default(0),
  }),
  z.strictObject({
    op: z.literal('advance'),
    ms: z.int().min(0),
    silent: z.array(z.string()).default([]),
  }),
  z.strictObject({ op: z.literal('disconnect') }),
  z.strictObject({ op: z.literal('dumpTree') }),
  z.strictObject({ op: z.literal('serverCounts') }),
  z.strictObject({ op: z.literal('restartServer') }),
]);

const outcome: z.ZodType<Outcome> = z.strictObject({
  result: z.json().optional(),
  error: z.json().optional(),
  stat: z.json().optional(),
  zxid: z.int().optional(),
  events: z.array(
    z.strictObject({
      session: z.string(),
      type: z.string(),
      path: z.string().optional(),
      when: z.enum(['before', 'after']).optional(),
    }),
  ),
});

const line = z.looseObject({
  i: z.int().min(1),
  session: z.string().nullable(),
  op: z.string(),
  args: z.record(z.string(), z.unknown()),
});

const header: z.ZodType<{ readonly config: RecordedConfig }> = z.object({
  type: z.literal('header'),
  format: z.literal(1),
  config: z.strictObject({
    tickTime: z.int().min(1),
    minSessionTimeout: z.int().min(1),
    maxSessionTimeout: z.int().min(1),
    extendedTypesEnabled: z.boolean(),
    containerCheckIntervalMs: z.int().min(1),
    maxNeverUsedIntervalMs: z.int().min(0),
    superDigest: z.string().nullable(),
    juteMaxBuffer: z.int().min(1),
    enforceQuota: z.boolean(),
    skipACL: z.boolean(),
    reconfigEnabled: z.literal(false),
  }),
});

/**
 * Reads one sequence of requests and what a real server made of them.
 *
 * @param file its name, for the messages
 * @throws {@link InputError} in one line: where it is malformed, and how
 */
export function parseRecording(file: string, text: string): Recording {
  const lines = text.split('\n');
  const { config } = check(`${file}:1`, header, parseJson(`${file}:1`, lines[0] ?? ''));
  const steps: Step[] = [];
  for (const [index, text] of lines.entries()) {
    if (index > 0 && text.trim() !== '') steps.push(parseStep(`${file}:${index + 1}`, text));
  }
  if (steps.length === 0) throw new InputError(`${file}: there are no steps`);
  return { file, config, steps };
}

function parseStep(where: string, text: string): Step {
  const { i, session, op, args, ...rest } = check(where, line, parseJson(where, text));
  const expected = check(where, outcome, rest);
  return { number: i, session, command: check(where, command, { ...args, op }), expected };
}

function parseJson(where: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InputError(`${where}: not a line of JSON`);
  }
}

function check<T>(where: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue === undefined ? '' : issue.path.join('.');
  throw new InputError(`${where}: ${field === '' ? '' : `${field}: `}${issue?.message}`);
}
