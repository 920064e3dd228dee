import { bugIds } from '../bugs/catalogue.ts';
import { PROPERTY_IDS } from '../checkers/tally.ts';
import type { Property } from '../checkers/violation.ts';
import type { PlanOptions } from '../scenario/generate.ts';
import { InputError } from '../scenario/input-error.ts';
import { hint } from '../scenario/issues.ts';
import { parseTime } from '../scenario/units.ts';

const DURATION_MAX_MICROS = 86_400_000_000;
const DURATION_MIN_MICROS = 1_000_000;

/** What both `run` and `fuzz` take to shape a plan. */
export interface PlanFlags {
  readonly servers?: number;
  readonly observers?: number;
  readonly clients?: number;
  /** In microseconds. */
  readonly duration?: number;
  readonly bug?: string;
}

/** How a run is judged. */
export interface JudgeFlags {
  readonly without?: readonly Property[];
}

export function planOptions({ duration, ...flags }: PlanFlags): PlanOptions {
  return duration === undefined ? flags : { ...flags, durationMicros: duration };
}

// Parsers of what a flag was given. They throw an InputError of one line: which flag, what it was
// given, what would be right.

export function wholeNumber(flag: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InputError(`${flag}: ${quote(text)} is not a whole number from ${min} to ${max}`);
  };
}

/** @returns microseconds */
export function parseDuration(text: string): number {
  const micros = parseTime(text);
  if (micros !== null && micros >= DURATION_MIN_MICROS && micros <= DURATION_MAX_MICROS) {
    return micros;
  }
  throw new InputError(
    `--duration: ${quote(text)} is not a time from 1s to 24h; write it like 1500ms, 60s, 2m or 1h`,
  );
}

export function parseBug(text: string): string {
  const ids = bugIds();
  if (ids.includes(text)) return text;
  const likely = hint(text, ids);
  const there = likely === '' ? 'there' : `${likely} There`;
  throw new InputError(`--bug: there is no bug ${quote(text)}; ${there} are ${ids.join(', ')}`);
}

/** @param before what the flag was given earlier in the line */
export function parseWithout(text: string, before: readonly Property[] = []): Property[] {
  const given = text.split(',').map((name) => {
    const property = PROPERTY_IDS.find((id) => id === name);
    if (property !== undefined) return property;
    const likely = hint(name, PROPERTY_IDS);
    const there = likely === '' ? 'there' : `${likely} There`;
    const list = PROPERTY_IDS.join(', ');
    throw new InputError(`--without: there is no property ${quote(name)}; ${there} are ${list}`);
  });
  return [...new Set([...before, ...given])];
}

/** Any number or text that fits on a line, so that a reproduction line can show it. */
export function seed(flag: string): (text: string) => string {
  return (text) => {
    if (isMissing(text) || /\p{Cc}/u.test(text)) {
      throw new InputError(`${flag}: ${quote(text)} is no seed; write a number or a word`);
    }
    return text;
  };
}

export function path(flag: string): (text: string) => string {
  return (text) => {
    if (isMissing(text)) throw new InputError(`${flag}: ${quote(text)} is no file; write its path`);
    return text;
  };
}

/** Whether a value was left out, so that the next flag stands in its place. */
function isMissing(text: string): boolean {
  return text === '' || text.startsWith('--');
}

const QUOTE_MAX = 100;

/** As an error message shows it: not too long. */
export function quote(text: string): string {
  return text.length > QUOTE_MAX ? `'${text.slice(0, QUOTE_MAX)}…'` : `'${text}'`;
}
