import { readFileSync } from 'node:fs';
import { HistoryReader } from '../../src/histories/history-reader.ts';
import type { RecordedHistory } from '../../src/histories/intake.ts';

/** What a recorded history's first line declares. */
interface Header {
  readonly linearizable: boolean | null;
  readonly session?: boolean;
  readonly sequential?: boolean | null;
  /** Lines of the planted operations. */
  readonly defect?: { readonly kind: string; readonly lines: readonly number[] };
}

/** A history of the folder `histories`, and what it declares. */
export function readHistoryFile(name: string): { header: Header; history: RecordedHistory } {
  const bytes = readFileSync(new URL(`./histories/${name}.jsonl`, import.meta.url));
  const [first = ''] = bytes.toString('utf8').split('\n', 1);
  const reader = new HistoryReader(name);
  reader.push(bytes);
  return { header: JSON.parse(first) as Header, history: reader.end() };
}
