import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import type { Problem } from './plan.ts';

type Issue = z.core.$ZodIssue;

/** How the fields of a plan are spelt where a problem is reported. */
export interface Notation {
  /** A number as the field of that name is written. */
  number(value: number, field: string): string;
  /** What a field of that name takes that stands for a number; `null`: just that. */
  takes(field: string): string | null;
}

/** Plans as they are in memory. */
export const IN_MEMORY: Notation = { number: (value) => String(value), takes: () => null };

const NAMES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  array: 'a list',
  object: 'fields (name: value)',
  record: 'fields (name: value)',
  boolean: 'true or false',
};

/** What is said of a field that a shape does not have. */
export const NO_SUCH_FIELD = 'there is no such field';

/** Where a value is wrong, and what would be right, in a few words. */
export function describeIssue(issue: Issue, notation: Notation): Problem {
  const { path } = issue;
  const field = String(path.findLast((key) => typeof key === 'string') ?? '');
  const shown = (value: unknown): string => {
    return typeof value === 'number' ? notation.number(value, field) : showValue(value);
  };
  switch (issue.code) {
    case 'invalid_type':
      return { path, message: describeType(issue, shown, notation.takes(field)) };
    case 'too_small':
      return { path, message: describeBound(issue, issue.minimum, 'least', shown) };
    case 'too_big':
      return { path, message: describeBound(issue, issue.maximum, 'most', shown) };
    case 'invalid_value':
      return { path, message: describeChoice(issue.input, issue.values.map(String)) };
    case 'unrecognized_keys':
      return { path: [...path, issue.keys[0] ?? ''], message: NO_SUCH_FIELD };
    case 'invalid_key':
      return { path, message: issue.issues[0]?.message ?? issue.message };
    case 'invalid_union':
      return describeUnion(issue, notation);
    default:
      return { path, message: issue.message };
  }
}

/** A hint at what was meant; empty if nothing is close. */
export function hint(given: string, choices: readonly string[]): string {
  const folded = given.toLowerCase();
  const likely = closest(
    folded,
    choices.map((choice) => choice.toLowerCase()),
  );
  const choice = choices.find((one) => one.toLowerCase() === likely);
  if (choice === undefined) return '';
  const steps = distance(folded, likely);
  const stepsMax = given.length > 4 ? Math.max(2, given.length / 3) : 1;
  return steps <= stepsMax ? `did you mean ${choice}?` : '';
}

/** What was given in the place of something else: `what would be right, not what was given`. */
export function notThat(right: string, given: unknown): string {
  return given === undefined
    ? `is missing; expected ${right}`
    : `expected ${right}, not ${showValue(given)}`;
}

function describeType(
  { input, expected }: z.core.$ZodIssueInvalidType,
  shown: (value: unknown) => string,
  takes: string | null,
): string {
  const isNumber = expected === 'number' || expected === 'int';
  const right = (isNumber ? takes : null) ?? NAMES[expected] ?? expected;
  if (input === undefined) return notThat(right, input);
  const isUnquoted = expected === 'string' && typeof input === 'number';
  return `expected ${right}, not ${shown(input)}${isUnquoted ? '; put it in quotes' : ''}`;
}

function describeBound(
  { input, origin }: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  bound: number | bigint,
  word: 'least' | 'most',
  shown: (value: unknown) => string,
): string {
  if (origin === 'string') {
    return word === 'least' ? 'must not be empty' : `is longer than ${bound} characters`;
  }
  if (origin === 'array') {
    return `must have at ${word} ${bound} ${bound === 1 ? 'entry' : 'entries'}`;
  }
  return `must be at ${word} ${shown(Number(bound))}, not ${shown(input)}`;
}

function describeChoice(input: unknown, choices: readonly string[]): string {
  const list = listed(choices);
  if (input === undefined) return `is missing; expected one of ${list}`;
  if (choices.length === 1) return `expected ${list}, not ${showValue(input)}`;
  const likely = typeof input === 'string' ? hint(input, choices) : '';
  return `${showValue(input)} is unknown; ${likely === '' ? `there are ${list}` : likely}`;
}

const CHOICES_SHOWN = 40;

/** Names in a row, and no more of them than a reader wants. */
export function listed(names: readonly string[]): string {
  const more = names.length - CHOICES_SHOWN;
  const shown = names.slice(0, CHOICES_SHOWN).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Where one of several shapes was asked for: what is wrong with the one that fits best. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, notation: Notation): Problem {
  const { path, errors, message } = issue;
  if ('discriminator' in issue && 'options' in issue) {
    const name = String(issue.discriminator);
    const given = issue.input as Readonly<Record<string, unknown>>;
    const choices = (issue.options as readonly unknown[]).map(String);
    return { path, message: describeChoice(given[name], choices) };
  }
  const best = [...errors].sort((a, b) => weigh(a) - weigh(b))[0]?.[0];
  // A union that says itself what is wrong knows best.
  if (best === undefined || !message.startsWith('Invalid')) return { path, message };
  return describeIssue({ ...best, path: [...path, ...best.path] }, notation);
}

/** What speaks against a shape: least a wrong value in it, most that all is of another type. */
function weigh(issues: readonly Issue[]): number {
  const strange = issues.filter(({ code }) => code === 'unrecognized_keys').length;
  const other = issues.filter(({ code, path }) => path.length === 0 && code.startsWith('invalid'));
  return issues.length + 10 * strange + 100 * other.length;
}

const SHOWN_MAX = 60;

/** As an error message shows it: not too long. */
export function showValue(value: unknown): string {
  const text = textOf(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
}
