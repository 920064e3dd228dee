import type { CheckedHistory } from './check.ts';
export function renderTimeline(_: CheckedHistory): string {
  return '';
}
