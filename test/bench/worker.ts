import { CASES } from './cases.ts';

/**
 * One case in a process of its own, so that neither its compiled code nor its garbage depends on
 * what else is measured. Each message asks for a sample, and is answered with it.
 */
const make = CASES[process.argv[2] ?? ''];
if (make === undefined) throw new Error(`no such case: ${process.argv[2]}`);
const subject = make();

process.on('message', () => {
  process.send?.(subject.sample());
});
