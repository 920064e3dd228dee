import { WireError } from './jute.ts';

/** The longest frame that is accepted, its length not counted. `jute.maxbuffer`. */
export const FRAME_MAX_BYTES = 0xfffff;

/** How many bytes the length before a frame takes. */
export const FRAME_LENGTH_BYTES = 4;

/** The body with its length before it. */
export function frame(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_LENGTH_BYTES + body.length);
  new DataView(bytes.buffer).setInt32(0, body.length);
  bytes.set(body, FRAME_LENGTH_BYTES);
  return bytes;
}

const INITIAL_BYTES = 1024;

/**
 * Finds the frames in what a connection delivers, however it is cut.
 *
 * What it holds grows with what has arrived, never with what a length announces.
 */
export class FrameReader {
  private readonly maxBytes: number;
  private bytes: Uint8Array<ArrayBuffer> = new Uint8Array(INITIAL_BYTES);
  private start = 0;
  private end = 0;

  constructor(maxBytes: number = FRAME_MAX_BYTES) {
    this.maxBytes = maxBytes;
  }

  /** Takes what has arrived; the chunk is copied. */
  push(chunk: Uint8Array): void {
    this.makeRoom(chunk.length);
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }

  /**
   * The body of the next frame, as a copy; `null` if it has not arrived yet.
   *
   * @throws WireError if a frame is too long. Nothing can be read after it.
   */
  next(): Uint8Array<ArrayBuffer> | null {
    const arrived = this.end - this.start;
    if (arrived < FRAME_LENGTH_BYTES) return null;
    const length = new DataView(this.bytes.buffer).getInt32(this.start);
    if (length < 0 || length > this.maxBytes) {
      throw new WireError(`a frame of ${length} bytes, where ${this.maxBytes} are allowed`, 0);
    }
    if (arrived < FRAME_LENGTH_BYTES + length) return null;
    const bodyStart = this.start + FRAME_LENGTH_BYTES;
    this.start = bodyStart + length;
    return this.bytes.slice(bodyStart, this.start);
  }

  /** Moves what is still unread to the front, into more room if need be. */
  private makeRoom(byteCount: number): void {
    if (this.end + byteCount <= this.bytes.length) return;
    const unread = this.bytes.subarray(this.start, this.end);
    const needed = unread.length + byteCount;
    if (needed > this.bytes.length / 2) this.bytes = new Uint8Array(2 * needed);
    this.bytes.set(unread);
    this.end -= this.start;
    this.start = 0;
  }
}
