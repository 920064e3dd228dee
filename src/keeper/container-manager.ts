import type { Ports, TimerListener } from '../zab/ports.ts';
import type { ServiceConfig } from './config.ts';
import type { DataTree } from './data-tree.ts';

/** Hears of nodes that should go; whether they still may is for the pipeline to say. */
export interface ReaperListener {
  overdue(path: string): void;
}

const LOOK = 0;
const REMOVE = 1;

/** Ten thousand a minute. */
const SPACING_MICROS = 6000;

/** At the leader: has empty containers and nodes whose time is over removed. `ContainerManager`. */
export class ContainerManager implements TimerListener {
  private readonly ports: Ports;
  private readonly config: ServiceConfig;
  private readonly tree: DataTree;
  private readonly listener: ReaperListener;
  private readonly maxNeverUsedMs: number;
  private found: string[] = [];
  private timer = -1;

  /** @param sparesUnused whether what was never used is left alone, as far as `config` says */
  constructor(
    ports: Ports,
    config: ServiceConfig,
    tree: DataTree,
    listener: ReaperListener,
    sparesUnused: boolean,
  ) {
    this.ports = ports;
    this.config = config;
    this.tree = tree;
    this.listener = listener;
    this.maxNeverUsedMs = sparesUnused ? config.containerMaxNeverUsedMs : 1;
    this.lookLater();
  }

  stop(): void {
    this.ports.cancelTimer(this.timer);
  }

  timerFired(timer: number): void {
    if (timer === LOOK) {
      this.found = this.tree.overdue(this.ports.wallClockMs(), this.maxNeverUsedMs);
    }
    const path = this.found.shift();
    if (path === undefined) {
      this.lookLater();
      return;
    }
    this.timer = this.ports.setTimer(SPACING_MICROS, this, REMOVE);
    this.listener.overdue(path);
  }

  private lookLater(): void {
    const micros = this.config.containerCheckIntervalMs * 1000;
    this.timer = this.ports.setTimer(micros, this, LOOK);
  }
}
