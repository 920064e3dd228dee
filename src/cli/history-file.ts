import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { getHeapStatistics } from 'node:v8';
import { createGunzip } from 'node:zlib';
import { HistoryReader } from '../histories/history-reader.ts';
import type { RecordedHistory } from '../histories/intake.ts';
import { InputError } from '../scenario/input-error.ts';

/** So much is read, or unpacked, at once. */
const CHUNK_BYTES = 1 << 18;

/** What an operation takes while it is read and judged. */
const OPERATION_BYTES = 400;

/**
 * Reads a history from a file, plain or compressed with gzip, piece by piece.
 *
 * @param model what the history is of, whatever the file says
 * @throws {@link InputError} at the first mistake, with its line
 */
export async function readHistory(
  path: string,
  model: string | undefined,
): Promise<RecordedHistory> {
  const operationsMax = Math.floor(getHeapStatistics().heap_size_limit / OPERATION_BYTES);
  const reader = new HistoryReader(
    path,
    model === undefined ? { operationsMax } : { operationsMax, model },
  );
  try {
    for await (const chunk of chunksOf(path)) reader.push(chunk);
  } catch (error) {
    throw asInputError(error, path, reader.line);
  }
  return reader.end();
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Buffer> = createReadStream(path, { highWaterMark: CHUNK_BYTES })[
    Symbol.asyncIterator
  ]();
  const beginning = await takeBeginning(chunks);
  const all = behind(beginning, chunks);
  if (beginning[0] === 0x1f && beginning[1] === 0x8b) yield* unpacked(all);
  else yield* all;
}

/** The two bytes that tell of gzip, and what comes with them. */
async function takeBeginning(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let beginning = Buffer.alloc(0);
  while (beginning.length < 2) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    beginning = Buffer.concat([beginning, value]);
  }
  return beginning;
}

async function* behind(beginning: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield beginning;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    yield next.value;
  }
}

async function* unpacked(packed: AsyncGenerator<Buffer>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  let byteCount = 0;
  const source = Readable.from(packed);
  source.on('data', (chunk: Buffer) => {
    byteCount += chunk.length;
  });
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  for await (const chunk of gunzip) yield chunk;
  if (gunzip.bytesWritten < byteCount) throw new TrailingBytes();
}

/** What zlib does not mind. */
class TrailingBytes extends Error {}

const FILE_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'access is denied',
  EISDIR: 'it is a directory',
};

/** What is wrong with a file is the user's to mend. */
function asInputError(error: unknown, path: string, line: number): unknown {
  if (error instanceof TrailingBytes) {
    return new InputError(`${path}:${line}: what follows the end of the gzip data is none`);
  }
  if (!(error instanceof Error) || error instanceof InputError || !('code' in error)) return error;
  const code = String(error.code);
  if (code === 'Z_BUF_ERROR') {
    return new InputError(
      `${path}:${line}: the gzip data ends here, in the middle; fetch it whole`,
    );
  }
  if (code.startsWith('Z_')) {
    return new InputError(`${path}:${line}: the gzip data is damaged (${error.message})`);
  }
  return new InputError(`${path}: cannot be read: ${FILE_REASONS[code] ?? error.message}`);
}
