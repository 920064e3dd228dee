import { bugIds } from '../bugs/catalogue.ts';
import type { PlanOptions } from '../scenario/generate.ts';
import { CLIENTS_MAX, InputError, OBSERVERS_MAX, SERVERS_MAX } from '../scenario/plan.ts';

const DURATION_MAX_MICROS = 86_400_000_000;
const DURATION_MIN_MICROS = 1_000_000;

const UNITS: Readonly<Record<string, number>> = {
  ms: 1000,
  s: 1_000_000,
  m: 60_000_000,
  h: 3_600_000_000,
};

/** What both `run` and `fuzz` take to shape a plan. */
export interface PlanFlags {
  readonly servers?: string;
  readonly observers?: string;
  readonly clients?: string;
  readonly duration?: string;
  readonly bug?: string;
}

/** @throws {@link InputError} in one line: which flag, what it was, what would be right */
export function planOptions(flags: PlanFlags): PlanOptions {
  return {
    ...(flags.servers === undefined
      ? {}
      : { servers: wholeNumber('--servers', flags.servers, 1, SERVERS_MAX) }),
    ...(flags.observers === undefined
      ? {}
      : { observers: wholeNumber('--observers', flags.observers, 0, OBSERVERS_MAX) }),
    ...(flags.clients === undefined
      ? {}
      : { clients: wholeNumber('--clients', flags.clients, 0, CLIENTS_MAX) }),
    ...(flags.duration === undefined ? {} : { durationMicros: duration(flags.duration) }),
    ...(flags.bug === undefined ? {} : { bug: bugId(flags.bug) }),
  };
}

export function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new InputError(`${flag}: ${quote(text)} is not a whole number from ${min} to ${max}`);
}

function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const micros = Math.round(Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN));
  if (micros >= DURATION_MIN_MICROS && micros <= DURATION_MAX_MICROS) return micros;
  throw new InputError(
    `--duration: ${quote(text)} is not a time from 1s to 24h; write it like 1500ms, 60s, 2m or 1h`,
  );
}

function bugId(text: string): string {
  if (bugIds().includes(text)) return text;
  throw new InputError(`--bug: there is no bug ${quote(text)}; there are ${bugIds().join(', ')}`);
}

export function quote(text: string): string {
  return `'${text}'`;
}
