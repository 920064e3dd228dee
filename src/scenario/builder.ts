import type { When } from '../faults/fault.ts';
import type { Written } from './written.ts';

/** When a fault strikes, as it is written. */
export type WrittenWhen = Written<When>;

type Occurrence = Omit<Extract<WrittenWhen, { readonly on: string }>, 'on'>;

/**
 * At a time since the start of the run.
 *
 * @example { kind: 'crash', server: 'leader', for: '3s', when: at('8s') }
 */
export function at(time: string): WrittenWhen {
  return { at: time };
}

/**
 * When something happens: an event by its name in a trace, or a packet, `NEWLEADER sent`.
 *
 * @param which the server, its role, the n-th time, and how long after it; default: the first
 *   anywhere, there and then
 * @example { kind: 'crash', server: 'itself', for: '3s', when: on('upToDate', { nth: 2 }) }
 */
export function on(what: string, which: Occurrence = {}): WrittenWhen {
  return { on: what, ...which };
}

/**
 * So long after another fault has struck for the first time.
 *
 * @param name the `name` of that fault
 */
export function after(name: string, delay: string): WrittenWhen {
  return { after: name, delay };
}
