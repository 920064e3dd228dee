import { showValue } from '../scenario/issues.ts';
import { type HistoryEvent, Mistake } from './event.ts';

/** The first line of a history of JSON lines. */
export interface Header {
  readonly model: unknown;
}

export const JSON_EXAMPLE = '{"process":0,"type":"invoke","f":"read"}';

/** @throws {@link Mistake} if the text is no JSON object */
export function parseJsonLine(text: string): Header | HistoryEvent {
  const { process, type, f, key, value, version, zxid, time, model } = parseObject(text);
  if (process === undefined && type === undefined && model !== undefined) return { model };
  return {
    process,
    type,
    f: f ?? null,
    key: key ?? null,
    value: value ?? null,
    version,
    zxid,
    time,
    hasCompared: true,
  };
}

export function isHeader(line: Header | HistoryEvent): line is Header {
  return 'model' in line;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(HAS_LONG_NUMBER.test(text) ? quoteLongNumbers(text) : text);
  } catch {
    throw new Mistake(`${showValue(text)} is no JSON; each line is an object like ${JSON_EXAMPLE}`);
  }
  const mayBeDeeper = text.length > 2 * DEPTH_MAX;
  if (mayBeDeeper && isDeeper(value, DEPTH_MAX))
    throw new Mistake(`more than ${DEPTH_MAX} brackets are open`);
  if (isObject(value)) return value;
  throw new Mistake(`${showValue(text)} is no object; each line is one like ${JSON_EXAMPLE}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As in EDN: what compares values goes as deep as they do. */
const DEPTH_MAX = 100;

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((member) => isDeeper(member, depth - 1));
}

/** What a double may not tell from its neighbour. */
const HAS_LONG_NUMBER = /\d{16}/;

const TEXTS_AND_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/** Whole numbers that a double cannot hold become text, so that two of them stay two. */
function quoteLongNumbers(text: string): string {
  return text.replaceAll(TEXTS_AND_NUMBERS, (token) => {
    const isLong = /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token));
    return isLong ? `"${token}n"` : token;
  });
}
