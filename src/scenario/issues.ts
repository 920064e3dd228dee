import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import type { Problem } from './plan.ts';

type Issue = z.core.$ZodIssue;

/** Writes a number the way that the field of that name is written. */
export type WriteNumber = (value: number, field: string) => string;

const NAMES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  array: 'a list',
  object: 'fields',
  boolean: 'true or false',
};

/** Where a value is wrong, and what would be right, in a few words. */
export function describeIssue(issue: Issue, write: WriteNumber): Problem {
  const { path } = issue;
  const field = String(path.findLast((key) => typeof key === 'string') ?? '');
  const shown = (value: unknown): string => {
    return typeof value === 'number' ? write(value, field) : showValue(value);
  };
  switch (issue.code) {
    case 'invalid_type':
      return { path, message: describeType(issue, shown) };
    case 'too_small':
      return { path, message: describeBound(issue, issue.minimum, 'least', shown) };
    case 'too_big':
      return { path, message: describeBound(issue, issue.maximum, 'most', shown) };
    case 'invalid_value':
      return { path, message: describeChoice(issue.input, issue.values.map(String)) };
    case 'unrecognized_keys':
      return { path: [...path, issue.keys[0] ?? ''], message: 'there is no such field' };
    case 'invalid_union':
      return describeUnion(issue, write);
    default:
      return { path, message: issue.message };
  }
}

/** A hint at what was meant; empty if nothing is close. */
export function hint(given: string, choices: readonly string[]): string {
  if (choices.length === 0) return '';
  const likely = closest(given.toLowerCase(), choices);
  const isLikely = distance(given.toLowerCase(), likely.toLowerCase()) <= given.length / 2;
  return isLikely ? `did you mean ${likely}?` : '';
}

function describeType(
  { input, expected }: z.core.$ZodIssueInvalidType,
  shown: (value: unknown) => string,
): string {
  const right = `expected ${NAMES[expected] ?? expected}`;
  if (input === undefined) return `is missing; ${right}`;
  // A number that is not whole is not one of the type `int`.
  return `${right}, not ${shown(input)}`;
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
  if (origin === 'array') return `at ${word} ${bound} entries are needed`;
  return `${shown(input)} is out of range, it can be ${shown(Number(bound))} at ${word}`;
}

function describeChoice(input: unknown, choices: readonly string[]): string {
  if (input === undefined) return `is missing; expected one of ${choices.join(', ')}`;
  const likely = typeof input === 'string' ? hint(input, choices) : '';
  if (likely !== '') return `${showValue(input)} is unknown; ${likely}`;
  const first = choices.slice(0, CHOICES_SHOWN).join(', ');
  const more = choices.length > CHOICES_SHOWN ? ` and ${choices.length - CHOICES_SHOWN} more` : '';
  return `${showValue(input)} is unknown; there are ${first}${more}`;
}

const CHOICES_SHOWN = 40;

/** Where one of several shapes was asked for: what is wrong with the one that fits best. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, write: WriteNumber): Problem {
  const { path, errors, message } = issue;
  if ('discriminator' in issue && 'options' in issue) {
    const given = issue.input as Readonly<Record<string, unknown>>;
    const choices = (issue.options as readonly unknown[]).map(String);
    return { path, message: describeChoice(given[String(issue.discriminator)], choices) };
  }
  const best = [...errors].sort((a, b) => weigh(a) - weigh(b))[0]?.[0];
  if (best === undefined || !message.startsWith('Invalid')) return { path, message };
  return describeIssue({ ...best, path: [...path, ...best.path] }, write);
}

/** Keys that do not belong there speak against a shape more than a wrong value does. */
function weigh(issues: readonly Issue[]): number {
  const strange = issues.filter(({ code }) => code === 'unrecognized_keys').length;
  return issues.length + 10 * strange;
}

const SHOWN_MAX = 60;

/** As an error message shows it: not too long. */
export function showValue(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
