import { counterOf, epochOf, type Zxid } from '../zab/zxid.ts';

/** `transaction 3 of epoch 1`. */
export function nameOf(zxid: Zxid): string {
  return `transaction ${counterOf(zxid)} of epoch ${epochOf(zxid)}`;
}

/** `1`, `1 and 2`, `1, 2 and 3`. */
export function listed(items: readonly (number | string)[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** `1 operation`, `2 operations`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
