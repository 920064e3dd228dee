import type { RecordedOperation } from '../operation.ts';
import { pairOf, ValueIds } from '../values.ts';

/**
 * The operations of a register, with one value in place of all that nobody looks for: to whoever
 * reads or compares, one of them is as good as another.
 */
export function withUnseenAlike(calls: readonly RecordedOperation[]): RecordedOperation[] {
  const values = new ValueIds();
  for (const call of calls) for (const value of looksFor(call)) values.idOf(value);
  const seenCount = values.size;
  let unseen: unknown;
  return calls.map((call) => {
    if (call.f === 'read') return call;
    const [from, to] = call.f === 'cas' ? pairOf(call.input) : [null, call.input];
    const id = values.idOf(to);
    if (id < seenCount) return call;
    if (id === seenCount) unseen = to;
    return { ...call, input: call.f === 'cas' ? [from, unseen] : unseen };
  });
}

function looksFor({ f, input, output, outcome }: RecordedOperation): readonly unknown[] {
  if (f === 'read') return outcome === 'ok' ? [output] : [];
  return f === 'cas' ? [pairOf(input)[0]] : [];
}
