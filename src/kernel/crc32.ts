/** CRC-32 (the zlib polynomial), continued piece by piece. Start with 0 and end with the result. */

const POLYNOMIAL = 0xedb88320;

/** `TABLES[k][b]`: the effect of byte `b` followed by `k` zero bytes; four let a word go at once. */
const TABLES: readonly Int32Array[] = makeTables();
const [TABLE_0, TABLE_1, TABLE_2, TABLE_3] = TABLES as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

export function crc32Bytes(crc: number, bytes: Uint8Array): number {
  let c = ~crc;
  const { length } = bytes;
  let index = 0;
  for (; index + 4 <= length; index += 4) {
    c ^=
      (bytes[index] as number) |
      ((bytes[index + 1] as number) << 8) |
      ((bytes[index + 2] as number) << 16) |
      ((bytes[index + 3] as number) << 24);
    c =
      (TABLE_3[c & 0xff] as number) ^
      (TABLE_2[(c >>> 8) & 0xff] as number) ^
      (TABLE_1[(c >>> 16) & 0xff] as number) ^
      (TABLE_0[c >>> 24] as number);
  }
  for (; index < length; index++) {
    c = (TABLE_0[(c ^ (bytes[index] as number)) & 0xff] as number) ^ (c >>> 8);
  }
  return ~c;
}

/** Continues over the UTF-8 bytes of a text. */
export function crc32Text(crc: number, text: string): number {
  let c = ~crc;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) return crc32Bytes(~c, encoder.encode(text.slice(index)));
    c = (TABLE_0[(c ^ unit) & 0xff] as number) ^ (c >>> 8);
  }
  return ~c;
}

/** Continues over the four bytes of a word, the most significant first. */
export function crc32Word(crc: number, word: number): number {
  const c = ~crc ^ swapBytes(word);
  return ~(
    (TABLE_3[c & 0xff] as number) ^
    (TABLE_2[(c >>> 8) & 0xff] as number) ^
    (TABLE_1[(c >>> 16) & 0xff] as number) ^
    (TABLE_0[c >>> 24] as number)
  );
}

const encoder = new TextEncoder();

function swapBytes(word: number): number {
  return (
    (word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | ((word << 24) & 0xff000000)
  );
}

function makeTables(): Int32Array[] {
  const first = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let c = byte;
    for (let bit = 0; bit < 8; bit++) c = (c & 1) === 1 ? (c >>> 1) ^ POLYNOMIAL : c >>> 1;
    first[byte] = c;
  }
  const tables = [first];
  for (let k = 1; k < 4; k++) {
    const previous = tables[k - 1] as Int32Array;
    tables.push(
      first.map((_, byte) => {
        const c = previous[byte] as number;
        return (first[c & 0xff] as number) ^ (c >>> 8);
      }),
    );
  }
  return tables;
}
