import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { RecordedOperation } from '../../src/checkers/linearizability/operation.ts';

/** What a history's first line says of it. */
export interface Header {
  readonly model: string;
  readonly linearizable: boolean | null;
  /** What was planted in it, and the lines of the operations that prove it wrong. */
  readonly defect?: { readonly kind: string; readonly lines: readonly number[] };
}

export interface HistoryFile {
  readonly header: Header;
  readonly operations: readonly RecordedOperation[];
}

interface Line {
  readonly process: number;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly f: string;
  readonly key?: string;
  readonly value?: unknown;
  readonly version?: number;
  readonly zxid?: number;
}

/** Reads a history of JSON lines, plain or compressed with gzip; places are file lines. */
export function readHistoryFile(path: string): HistoryFile {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const { model, linearizable, defect } = JSON.parse(header) as Partial<Header>;
  if (model === undefined) throw new Error(`${path} does not say what it is a history of`);
  const operations: RecordedOperation[] = [];
  const open = new Map<number, number>();
  lines.forEach((line, index) => {
    // The header is line 1.
    readLine(JSON.parse(line) as Line, index + 2, operations, open);
  });
  const declared = { model, linearizable: linearizable ?? null };
  return { header: defect === undefined ? declared : { ...declared, defect }, operations };
}

function readLine(
  { process, type, f, key = '', value = null, version, zxid }: Line,
  at: number,
  operations: RecordedOperation[],
  open: Map<number, number>,
): void {
  if (type === 'invoke') {
    open.set(process, operations.length);
    const asked = { process, f, key, input: value, output: null, invokedAt: at };
    operations.push({ ...asked, outcome: 'info', returnedAt: Number.POSITIVE_INFINITY });
    return;
  }
  const index = open.get(process);
  const operation = index === undefined ? undefined : operations[index];
  if (index === undefined || operation === undefined) throw new Error(`nothing asked: line ${at}`);
  open.delete(process);
  if (type === 'info') return;
  operations[index] = {
    ...operation,
    output: type === 'ok' ? value : null,
    outcome: type,
    returnedAt: at,
    ...(version === undefined ? {} : { version }),
    ...(zxid === undefined ? {} : { zxid }),
  };
}

/** The operations that were planted to make it wrong. */
export function operationsOfDefect({ header, operations }: HistoryFile): RecordedOperation[] {
  const lines = new Set(header.defect?.lines);
  return operations.filter(({ invokedAt, returnedAt }) => {
    return lines.has(invokedAt) || lines.has(returnedAt);
  });
}
