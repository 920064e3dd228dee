import type { Operation } from '../../client/history.ts';
import { checkLinearizable } from '../linearizability/reference-search.ts';
import { PATH_MODEL, pathCalls } from '../models/path-model.ts';
import type { Tally } from '../tally.ts';
import type { Property } from '../violation.ts';

/** A promise that the operations of a run break. */
export interface Finding {
  readonly property: Property;
  readonly message: string;
  /** `null` when it is about what nobody asked for. */
  readonly operation: Operation | null;
}

/** Calls tried before the search for another order gives up. */
const SEARCH_STEPS_MAX = 200_000;

/** Counts what is judged, and decides which promise a finding breaks. */
export class Court {
  private readonly operations: readonly Operation[];
  private readonly tally: Tally;
  /** Nodes whose writes have an order that explains their answers. */
  private readonly explained = new Set<string>();

  constructor(operations: readonly Operation[], tally: Tally) {
    this.operations = operations;
    this.tally = tally;
  }

  count(property: Property): void {
    this.tally.count(property);
  }

  /** The finding as it is to be told; `null` if it breaks nothing that is judged. */
  keep(finding: Finding | null): Finding | null {
    if (finding?.property !== 'zxid-order') return this.tally.keep(finding);
    return this.tally.keep(this.search(finding)) ?? this.tally.keep(finding);
  }

  /**
   * The zxids are no witness, so they break their own promise. Whether the answers alone could be
   * right, in some other order, a search decides for the node concerned.
   */
  private search(finding: Finding): Finding {
    const body = finding.operation?.question.body ?? null;
    const path = body !== null && 'path' in body ? body.path : null;
    if (path === null || this.explained.has(path)) return finding;
    const calls = pathCalls(this.operations, path);
    if (calls === null) return finding;
    const { verdict } = checkLinearizable(PATH_MODEL, calls, SEARCH_STEPS_MAX);
    const message = `${finding.message}; the answers to the writes of ${path} alone: ${verdict}`;
    if (verdict === 'not linearizable') return { ...finding, property: 'linearizability', message };
    this.explained.add(path);
    return { ...finding, message };
  }
}
