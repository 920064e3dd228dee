import { showValue } from '../scenario/issues.ts';
import { type EdnMap, EdnReader } from './edn.ts';
import { type HistoryEvent, Mistake } from './event.ts';
import type { HistoryFormat } from './formats.ts';

/**
 * Makes events of Jepsen's maps (`{:process 0, :type :invoke, :f :cas, :value [1 2]}`).
 *
 * Where one history is of several independent objects, each value is a tuple `[key value]`.
 * Whether it is, the first call tells; with some models it must be.
 */
export class JepsenEvents {
  private readonly format: HistoryFormat;
  private hasTuples: boolean | null;

  constructor(format: HistoryFormat) {
    this.format = format;
    this.hasTuples = { none: false, required: true, optional: null }[format.keys];
  }

  /**
   * @returns `null` for what is no client's: the nemesis', and forms that are taken back
   * @throws {@link Mistake} if the form is not such a map
   */
  parse(form: string): HistoryEvent | null {
    if (form.startsWith('#_')) return null;
    const map = new EdnReader(form).readOnly();
    if (!isMap(map)) throw new Mistake(`${showValue(form)} is no map`);
    const process = map.get(':process');
    if (process === ':nemesis') return null;
    const type = nameOf(map.get(':type'));
    const f = nameOf(map.get(':f'));
    const whole = map.get(':value') ?? null;
    if (type === 'invoke') this.hasTuples ??= this.looksLikeTuple(f, whole);
    const { key, value } = this.split(whole);
    return {
      process,
      type,
      f,
      key,
      value: plain(value),
      version: map.get(':version'),
      zxid: map.get(':zxid'),
      time: null,
      hasCompared: map.get(':error') === undefined,
    };
  }

  private split(value: unknown): { key: unknown; value: unknown } {
    // Nobody has to repeat what was asked for when no answer came.
    if (this.hasTuples !== true || value === null) return { key: null, value };
    if (Array.isArray(value) && value.length === 2) return { key: value[0], value: value[1] };
    const { model } = this.format;
    const reason = this.format.keys === 'required' ? `with ${model}` : 'with keys as before';
    throw new Mistake(`:value is ${showEdn(value)}; it should be [key value], ${reason}`);
  }

  /** Most arguments are no vectors; where one is, its tuple holds a vector. */
  private looksLikeTuple(f: unknown, value: unknown): boolean {
    if (!Array.isArray(value) || value.length !== 2) return false;
    const argument = typeof f === 'string' ? this.format.operations.get(f)?.argument : undefined;
    return argument?.isVector !== true || Array.isArray(value[1]);
  }
}

/** A keyword without its colon. */
function nameOf(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(':') ? value.slice(1) : (value ?? null);
}

function isMap(value: unknown): value is EdnMap {
  return value instanceof Map;
}

/** As JSON has it. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isMap(value)) return value;
  return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
}

function showEdn(value: unknown): string {
  return value === null ? 'nil' : showValue(plain(value));
}
