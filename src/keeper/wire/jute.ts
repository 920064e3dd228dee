import { type SessionId, sessionIdHigh, sessionIdLow } from '../session-id.ts';

const UINT32 = 2 ** 32;
const SURROGATE_BASE = 0x10000;
const REPLACEMENT = 0xfffd;

/** Bytes that are not what they should be. Says what was read, and at which byte of the frame. */
export class WireError extends Error {
  override readonly name = 'WireError';
  /** From the start of the frame, without its length. */
  readonly offset: number;

  constructor(text: string, offset: number) {
    super(`${text}, at byte ${offset}`);
    this.offset = offset;
  }
}

/** Writes the primitive types, big-endian, into as many bytes as were said to be needed. */
export class JuteWriter {
  readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly view: DataView;
  private position = 0;

  constructor(byteCount: number) {
    this.bytes = new Uint8Array(byteCount);
    this.view = new DataView(this.bytes.buffer);
  }

  get isFull(): boolean {
    return this.position === this.bytes.length;
  }

  boolean(value: boolean): void {
    this.bytes[this.position++] = value ? 1 : 0;
  }

  int(value: number): void {
    this.view.setInt32(this.position, value);
    this.position += 4;
  }

  /** An integer of up to 53 bits, as one of 64. */
  long(value: number): void {
    const high = Math.floor(value / UINT32);
    this.halves(high, value - high * UINT32);
  }

  session(id: SessionId): void {
    this.halves(sessionIdHigh(id), sessionIdLow(id));
  }

  buffer(value: Uint8Array | null): void {
    if (value === null) {
      this.int(-1);
      return;
    }
    this.int(value.length);
    this.bytes.set(value, this.position);
    this.position += value.length;
  }

  /**
   * Every UTF-16 unit by itself, as ZooKeeper does: a surrogate pair becomes two groups of three
   * bytes, and a surrogate without its partner is nothing special. `BinaryOutputArchive`.
   */
  text(value: string | null): void {
    if (value === null) {
      this.int(-1);
      return;
    }
    this.int(utf8Bytes(value));
    for (let index = 0; index < value.length; index++) this.unit(value.charCodeAt(index));
  }

  private unit(unit: number): void {
    const { bytes } = this;
    if (unit < 0x80) {
      bytes[this.position++] = unit;
    } else if (unit < 0x800) {
      bytes[this.position++] = 0xc0 | (unit >> 6);
      bytes[this.position++] = 0x80 | (unit & 0x3f);
    } else {
      bytes[this.position++] = 0xe0 | (unit >> 12);
      bytes[this.position++] = 0x80 | ((unit >> 6) & 0x3f);
      bytes[this.position++] = 0x80 | (unit & 0x3f);
    }
  }

  private halves(high: number, low: number): void {
    this.view.setInt32(this.position, high);
    this.view.setUint32(this.position + 4, low);
    this.position += 8;
  }
}

/** How many bytes {@link JuteWriter.text} makes of a text, its length not counted. */
export function utf8Bytes(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) count += unit < 0x800 ? 1 : 2;
  }
  return count;
}

/**
 * Reads the primitive types. Each method is told what it reads, for the message.
 *
 * Lengths are compared with what is left before anything is made of them.
 *
 * @throws WireError of every method, if the bytes end too early or cannot mean anything
 */
export class JuteReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly end: number;
  private position: number;

  constructor(bytes: Uint8Array, start: number = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = start;
    this.end = end;
  }

  /** How many bytes are still to be read. */
  get left(): number {
    return this.end - this.position;
  }

  /** An error about what was read last. */
  error(text: string, byteCount: number): WireError {
    return new WireError(text, this.position - byteCount);
  }

  /** Anything but 0 is true. */
  boolean(what: string): boolean {
    return this.bytes[this.take(1, what)] !== 0;
  }

  int(what: string): number {
    return this.view.getInt32(this.take(4, what));
  }

  /** An integer of 64 bits, of which 53 may be used. */
  long(what: string): number {
    const start = this.take(8, what);
    const value = this.view.getInt32(start) * UINT32 + this.view.getUint32(start + 4);
    if (!Number.isSafeInteger(value)) throw this.error(`${what}: more than 53 bits`, 8);
    return value;
  }

  /**
   * Drops the bits that no server here ever sets, as {@link sessionIdFromLong} does: the session of
   * another ensemble will be found unknown, or its password wrong.
   */
  session(what: string): SessionId {
    const start = this.take(8, what);
    const high = this.view.getUint32(start);
    const low = this.view.getUint32(start + 4);
    return (high >>> 24) * 2 ** 45 + (high & 0x1fff) * UINT32 + low;
  }

  /** A copy. */
  buffer(what: string): Uint8Array | null {
    const length = this.length(what);
    if (length === null) return null;
    const start = this.take(length, what);
    return this.bytes.slice(start, start + length);
  }

  /** What is no UTF-8 becomes U+FFFD, as in Java; surrogates may be written in either way. */
  text(what: string): string | null {
    const length = this.length(what);
    if (length === null) return null;
    const start = this.take(length, what);
    return decodeUtf8(this.bytes, start, start + length);
  }

  /** How many elements a vector has; every negative number is -1. */
  count(what: string, elementMinBytes: number): number {
    const count = this.int(what);
    if (count * elementMinBytes > this.left) {
      throw this.error(`${what}: ${count} elements announced, ${this.left} bytes left`, 4);
    }
    return Math.max(count, -1);
  }

  /** A reader of the buffer that comes next. */
  nested(what: string): JuteReader {
    const length = this.length(what);
    if (length === null) throw this.error(`${what}: may not be null`, 4);
    const start = this.take(length, what);
    return new JuteReader(this.bytes, start, start + length);
  }

  private length(what: string): number | null {
    const length = this.int(what);
    if (length === -1) return null;
    if (length < 0) throw this.error(`${what}: a length of ${length}`, 4);
    if (length > this.left) {
      throw this.error(`${what}: ${length} bytes announced, ${this.left} left`, 4);
    }
    return length;
  }

  private take(byteCount: number, what: string): number {
    const start = this.position;
    if (byteCount > this.left) {
      throw new WireError(`${what}: ${byteCount} bytes expected, ${this.left} left`, start);
    }
    this.position += byteCount;
    return start;
  }
}

function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let index = start;
  while (index < end) {
    const lead = bytes[index] as number;
    const length = lead < 0x80 ? 1 : groupBytes(bytes, index, end);
    if (length === 0) text += String.fromCharCode(REPLACEMENT);
    else if (length === 1) text += String.fromCharCode(lead);
    else text += groupText(bytes, index, length);
    index += Math.max(length, 1);
  }
  return text;
}

/** How many bytes the group that begins here has; 0 if it is none. */
function groupBytes(bytes: Uint8Array, index: number, end: number): number {
  const lead = bytes[index] as number;
  const second = bytes[index + 1] ?? 0;
  let length = 0;
  if (lead >= 0xc2 && lead < 0xe0) length = 2;
  else if ((lead & 0xf0) === 0xe0 && (lead > 0xe0 || second >= 0xa0)) length = 3;
  else if (lead === 0xf0 ? second >= 0x90 : lead > 0xf0 && lead < 0xf4) length = 4;
  else if (lead === 0xf4 && second < 0x90) length = 4;
  if (index + length > end) return 0;
  for (let offset = 1; offset < length; offset++) {
    if (((bytes[index + offset] as number) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

function groupText(bytes: Uint8Array, index: number, length: number): string {
  let point = (bytes[index] as number) & (0x7f >> length);
  for (let offset = 1; offset < length; offset++) {
    point = (point << 6) | ((bytes[index + offset] as number) & 0x3f);
  }
  return point < SURROGATE_BASE ? String.fromCharCode(point) : String.fromCodePoint(point);
}
