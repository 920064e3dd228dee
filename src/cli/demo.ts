import type { Command } from 'commander';
import { closest, distance } from 'fastest-levenshtein';
import { DEMOS, findDemo } from '../demo/catalogue.ts';
import { type Demo, type PlayedAct, playAct } from '../demo/demo.ts';
import {
  renderActEnd,
  renderActTitle,
  renderDemos,
  renderFrame,
  renderOpening,
} from '../report/demo.ts';
import { demoDocument } from '../report/demo-json.ts';
import type { Screen } from '../report/terminal.ts';
import { InputError } from '../scenario/input-error.ts';
import { EXIT } from './exit.ts';
import { quote } from './options.ts';
import { Pace } from './pace.ts';
import { print, stdoutScreen } from './terminal.ts';

interface DemoFlags {
  readonly json?: boolean;
  readonly wait: boolean;
}

/** @param exit hears the exit code */
export function addDemo(program: Command, exit: (code: number) => void): void {
  program
    .command('demo')
    .description('tell a story of an ensemble, step by step')
    .argument('[name]', 'which story; without it they are listed')
    .option('--no-wait', 'tell it at once, as when it is not shown on a terminal')
    .option('--json', 'print one JSON document instead of the story')
    .addHelpText('after', '\nExample: zabox demo split-brain')
    .allowExcessArguments(false)
    .action(async (name: string | undefined, flags: DemoFlags) => {
      exit(await demoCommand(name, flags));
    });
}

/** `zabox demo`: lists the demos, or tells one. @returns the exit code */
async function demoCommand(name: string | undefined, { json, wait }: DemoFlags): Promise<number> {
  if (name === undefined) {
    const list = DEMOS.map(({ name, title, about }) => ({ name, title, about }));
    print(json ? JSON.stringify(list) : renderDemos(DEMOS, stdoutScreen()));
    return EXIT.holds;
  }
  const demo = namedDemo(name);
  if (json) print(JSON.stringify(demoDocument(demo, demo.acts().map(playAct))));
  else if (wait && process.stdout.isTTY) await tellSlowly(demo);
  else for (const { text } of piecesOf(demo, stdoutScreen())) print(text);
  return EXIT.holds;
}

function namedDemo(name: string): Demo {
  const demo = findDemo(name);
  if (demo !== undefined) return demo;
  const names = DEMOS.map((each) => each.name);
  const likely = closest(name.toLowerCase(), names);
  const isLikely = distance(name.toLowerCase(), likely) <= name.length / 2;
  const hint = isLikely ? `did you mean ${likely}? There` : 'there';
  throw new InputError(`demo: there is no demo ${quote(name)}; ${hint} are ${names.join(', ')}`);
}

/** What is shown at once, and how many letters of it are to be read. */
interface Piece {
  readonly text: string;
  readonly letters: number;
}

function* piecesOf(demo: Demo, screen: Screen): Generator<Piece> {
  yield { text: renderOpening(demo, screen), letters: 2 * demo.about.length };
  for (const act of demo.acts()) yield* piecesOfAct(playAct(act), screen);
}

function* piecesOfAct(act: PlayedAct, screen: Screen): Generator<Piece> {
  yield { text: renderActTitle(act, screen), letters: 0 };
  for (const [index, frame] of act.frames.entries()) {
    const text = renderFrame(frame, act.frames[index - 1] ?? null, screen);
    yield { text, letters: frame.text.length };
  }
  yield { text: renderActEnd(act, screen), letters: 100 };
}

const LETTERS_A_SECOND = 20;
/** For a look at the table. */
const LOOK_MS = 2000;

/** As fast as it can be read; a key goes on, Ctrl-C ends it. */
async function tellSlowly(demo: Demo): Promise<void> {
  const screen = stdoutScreen();
  const pace = new Pace(process.stdin);
  try {
    print(screen.color.dim('Enter goes on, Ctrl-C ends.\n'));
    for (const { text, letters } of piecesOf(demo, screen)) {
      print(text);
      const isShort = letters === 0;
      if (isShort) continue;
      if (!(await pace.wait(LOOK_MS + (letters / LETTERS_A_SECOND) * 1000))) return;
    }
  } finally {
    pace.close();
  }
}
