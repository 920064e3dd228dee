const UINT32 = 2 ** 32;

/**
 * A rolling hash over all that happened in a run: the same plan gives the same digest on every
 * machine. Two 32-bit lanes with different multipliers; order matters.
 */
export class Digest {
  private a = 0x243f6a88 | 0;
  private b = 0x85a308d3 | 0;

  /** Mixes in an integer of up to 53 bits, negative ones included. */
  mix(value: number): void {
    const low = value | 0;
    const high = ((value - (low >>> 0)) / UINT32) | 0;
    this.a = (Math.imul(this.a ^ low, 0x9e3779b1) + (this.a >>> 15) + high) | 0;
    this.b = Math.imul(this.b + high, 0x85ebca77) ^ (this.b >>> 13) ^ low;
  }

  mixText(text: string): void {
    this.mix(text.length);
    for (let index = 0; index < text.length; index++) this.mix(text.charCodeAt(index));
  }

  /** Sixteen hexadecimal digits. */
  toString(): string {
    return hex(this.a) + hex(this.b);
  }
}

function hex(lane: number): string {
  return (lane >>> 0).toString(16).padStart(8, '0');
}
