/** Bytes from hexadecimal digits, with spaces and line ends wherever they help. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(digits.replaceAll(/\s/g, '').match(/../g) ?? [], (pair) => {
    return Number.parseInt(pair, 16);
  });
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
