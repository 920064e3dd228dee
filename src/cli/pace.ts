/** Where keys come from. */
export interface Keyboard {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
  off(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

const CTRL_C = 3;
const CTRL_D = 4;

/**
 * Waits for a reader as long as reading takes, or until a key says that it is enough. As long as it
 * is open a terminal does not show what is typed.
 */
export class Pace {
  private readonly keyboard: Keyboard;
  private hasEnded = false;
  private goOn: (() => void) | null = null;

  constructor(keyboard: Keyboard) {
    this.keyboard = keyboard;
    if (keyboard.isTTY !== true) return;
    keyboard.setRawMode?.(true);
    keyboard.on('data', this.keyPressed);
    keyboard.resume();
  }

  /** @returns `false` if the reader has had enough */
  async wait(milliseconds: number): Promise<boolean> {
    if (this.hasEnded) return false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.goOn = null;
    return !this.hasEnded;
  }

  /** Gives the keyboard back. */
  close(): void {
    const { keyboard } = this;
    if (keyboard.isTTY !== true) return;
    keyboard.off('data', this.keyPressed);
    keyboard.setRawMode?.(false);
    keyboard.pause();
  }

  private readonly keyPressed = (bytes: Uint8Array): void => {
    // In raw mode the terminal makes no signal of it.
    if (bytes.includes(CTRL_C) || bytes.includes(CTRL_D)) this.hasEnded = true;
    this.goOn?.();
  };
}
