import { z } from 'zod';
import { PROPERTIES, type Property } from '../checkers/violation.ts';
import { EVENT_NAMES } from '../faults/event-names.ts';
import type { Fault } from '../faults/fault.ts';
import { findContradiction, strangeServer } from './contradictions.ts';
import { withDefaults } from './defaults.ts';
import { type Expectation, SYNC_MODES } from './expectation.ts';
import { InputError } from './input-error.ts';
import { describeIssue, NO_SUCH_FIELD, notThat } from './issues.ts';
import type { Plan, Problem } from './plan.ts';
import { planShape } from './schema.ts';
import { canonicalSeed } from './seed.ts';
import { SERVICE_EVENTS } from './statistics.ts';
import { Translator, WRITTEN, type Written, writtenPath } from './written.ts';

/** A plan with a name, and what is expected of it. */
export interface Scenario {
  readonly name: string;
  /** One sentence: why it is worth keeping. */
  readonly why: string;
  /** What to look for in its trace or its report. */
  readonly look?: string;
  /** Properties that are not judged, so that the run comes to what else a mistake leads to. */
  readonly without?: readonly Property[];
  readonly expect: Expectation;
  readonly plan: Plan;
}

type DeepPartial<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepPartial<Item>[]
  : Value extends object
    ? { readonly [Name in keyof Value]?: DeepPartial<Value[Name]> }
    : Value;

/**
 * A scenario as it is written, in a file or in code: of the plan only what differs from the
 * defaults, times and rates as texts (`250ms`, `5%`).
 */
export type WrittenScenario = DeepPartial<Omit<Written<Plan>, 'seed' | 'faults'>> &
  Omit<Scenario, 'plan' | 'expect'> & {
    readonly expect: 'pass' | Expectation;
    readonly seed?: string | number;
    readonly faults?: readonly Written<Fault>[];
  };

const server = z.int().min(1).max(255);

const eventNames: readonly string[] = [...EVENT_NAMES.values(), ...SERVICE_EVENTS];
const eventName = z.enum(eventNames as [string, ...string[]]);

const property = z.enum(Object.keys(PROPERTIES) as [Property, ...Property[]]);

const expectation = z.strictObject({
  violates: property.exactOptional(),
  leader: server.exactOptional(),
  leaders: z.array(server).exactOptional(),
  epochs: z.array(z.int().min(1)).exactOptional(),
  syncs: z
    .record(
      z.string().regex(/^\d+$/, 'expected the number of a server'),
      z.array(z.enum(SYNC_MODES)),
    )
    .exactOptional(),
  adopted: z.int().min(0).exactOptional(),
  discarded: z.int().min(0).exactOptional(),
  happens: z.array(eventName).exactOptional(),
  never: z.array(eventName).exactOptional(),
  digest: z
    .string()
    .regex(/^[\da-f]{16}$/, 'expected 16 hexadecimal digits')
    .exactOptional(),
});

const shape = z.strictObject({
  name: z.string().min(1).max(100),
  why: z.string().min(1).max(1000),
  look: z.string().min(1).max(2000).exactOptional(),
  without: z.array(property).exactOptional(),
  expect: z.union([z.literal('pass'), expectation], {
    error: ({ input }) => {
      return isFields(input)
        ? undefined
        : notThat('pass, or fields like violates and leader', input);
    },
  }),
  ...planShape,
  seed: z
    .union([z.string().min(1), z.int().min(0)], {
      error: ({ input }) => notThat('a number or a word', input),
    })
    .transform((seed) => canonicalSeed(String(seed))),
});

const REQUIRED = ['name', 'why', 'expect'];

let translator: Translator | undefined;

/** Made when it is needed: most runs read no scenario. */
function theTranslator(): Translator {
  translator ??= new Translator(shape);
  return translator;
}

/**
 * Makes a scenario of its written form, with defaults for what is left out.
 *
 * @throws {@link InputError} in one line: where it is wrong, and what would be right
 */
export function scenario(written: WrittenScenario): Scenario {
  const result = readScenario(written);
  if (!('problem' in result)) return result;
  const { path, message } = result.problem;
  throw new InputError(`scenario: ${path.length === 0 ? '' : `${path.join('.')}: `}${message}`);
}

/** @returns the scenario, or what is wrong with the written form, by the path in that */
export function readScenario(written: unknown): Scenario | { readonly problem: Problem } {
  if (!isFields(written)) return { problem: { path: [], message: describeOther(written) } };
  const problems: Problem[] = [];
  const given = theTranslator().read(written, problems) as Record<string, unknown>;
  const [unreadable] = problems;
  if (unreadable !== undefined) return { problem: unreadable };
  const complete = withDefaults(given);
  const result = shape.safeParse(complete, { reportInput: true });
  const [issue] = result.error?.issues ?? [];
  if (issue !== undefined) return { problem: inWritten(describeIssue(issue, WRITTEN), complete) };
  const {
    name,
    why,
    look,
    without,
    expect: expected,
    ...fields
  } = result.data as z.infer<typeof shape>;
  // Without an issue there is a plan, and an expectation.
  const plan = fields as unknown as Plan;
  const expect = expected === 'pass' ? {} : (expected as Expectation);
  const problem = findContradiction(plan, WRITTEN) ?? findStranger(expect, plan);
  if (problem !== null) return { problem: inWritten(problem, complete) };
  return { name, why, ...present({ look, without }), expect, plan };
}

/** Of optional fields those that there are. */
function present<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
  };
}

function describeOther(written: unknown): string {
  const list = REQUIRED.join(', ');
  if (written === null || written === undefined) return `is empty; a scenario has ${list} and more`;
  return notThat(`the fields ${list} and more`, written);
}

/** Servers that are expected to do something must exist. */
function findStranger(
  { leader, leaders = [], syncs = {} }: Expectation,
  plan: Plan,
): Problem | null {
  const named: [PropertyKey[], number][] = [
    ...leaders.map((one, index): [PropertyKey[], number] => [['leaders', index], one]),
    ...Object.keys(syncs).map((one): [PropertyKey[], number] => [['syncs', one], Number(one)]),
  ];
  if (leader !== undefined) named.push([['leader'], leader]);
  for (const [path, server] of named) {
    const message = strangeServer(server, plan);
    if (message !== null) return { path: ['expect', ...path], message };
  }
  return null;
}

/** The written form of a scenario, complete: nothing is left to defaults. */
export function writeScenario({ name, why, look, without, expect, plan }: Scenario): object {
  const isPlainPass = Object.keys(expect).length === 0;
  const written = theTranslator().write({
    name,
    why,
    ...present({ look, without }),
    expect: isPlainPass ? 'pass' : expect,
    ...plan,
  });
  return written as object;
}

/** A JSON Schema of scenario files, for editors. */
export function scenarioJsonSchema(): object {
  const written = theTranslator().writtenSchema();
  const definitions: Record<string, unknown> = {};
  return {
    ...written,
    title: 'A scenario of zabox',
    required: REQUIRED,
    properties: withSharedMoved(optionalBelow(written), definitions),
    $defs: definitions,
  };
}

/** Fields that are the same in every kind of fault. */
const SHARED = ['when', 'repeat'];

/** Says once, in `definitions`, what every kind of fault repeats. */
function withSharedMoved(schema: unknown, definitions: Record<string, unknown>): unknown {
  if (Array.isArray(schema)) return schema.map((part) => withSharedMoved(part, definitions));
  if (!isFields(schema)) return schema;
  const parts = Object.entries(schema).map(([name, part]) => {
    if (!SHARED.includes(name)) return [name, withSharedMoved(part, definitions)];
    definitions[name] = part;
    return [name, { $ref: `#/$defs/${name}` }];
  });
  return Object.fromEntries(parts);
}

/** What a scenario leaves out has a default: nothing but a few fields and those of faults is required. */
function optionalBelow(written: object): object {
  const { properties } = written as { readonly properties: Readonly<Record<string, object>> };
  const relaxed = Object.entries(properties).map(([name, field]) => {
    return [name, name === 'faults' || name === 'expect' ? field : withoutRequired(field)];
  });
  return Object.fromEntries(relaxed);
}

function withoutRequired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRequired);
  if (!isFields(schema)) return schema;
  const parts = Object.entries(schema).filter(([keyword]) => keyword !== 'required');
  return Object.fromEntries(parts.map(([keyword, part]) => [keyword, withoutRequired(part)]));
}

/** @param value what has the problem, in the shape */
function inWritten({ path, message }: Problem, value: unknown): Problem {
  const isUnknown = message === NO_SUCH_FIELD;
  const full = isUnknown ? `${message}; ${theTranslator().fieldsInstead(path, value)}` : message;
  return { path: writtenPath(path), message: full };
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
