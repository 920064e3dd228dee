import type { Data } from '../../keeper/requests.ts';

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

export function toBytes(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** A node without data has the empty text. */
export function textOf(data: Data): string {
  return data === null ? '' : DECODER.decode(data);
}
