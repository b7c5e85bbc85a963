/** Shows views: a picture redrawn in place on a terminal, lines elsewhere. */
import type { Console } from '../console.ts';
import { frame } from './frame.ts';
import { changes } from './lines.ts';
import { elapsed } from './text.ts';
import { emptyView, type View } from './view.ts';

export interface Screen {
  show(view: View): void;
  /** A line that stays, above the picture. */
  line(text: string): void;
  close(): void;
}

export function screenOn(out: Console): Screen {
  return out.tty ? pictures(out) : lines(out);
}

function lines(out: Console): Screen {
  let before: View = emptyView;
  const openedMs = Date.now();
  const stamp = () => `+${elapsed(Date.now() - openedMs)}`.padEnd(9);
  return {
    show(view) {
      for (const line of changes(before, view)) out.say(`${stamp()} ${line}`);
      before = view;
    },
    line: (text) => out.say(text),
    close() {},
  };
}

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const clearDown = '\u001b[0J';

function pictures(out: Console): Screen {
  let drawn = 0;
  const home = () => (drawn === 0 ? '' : `\u001b[${drawn}A\r`);
  const restoreCursor = () => out.write(showCursor);
  process.once('exit', restoreCursor);
  out.write(hideCursor);
  const screen: Screen = {
    show(view) {
      const rows = process.stdout.rows ?? 24;
      const picture = frame(view, { columns: out.columns, rows, colour: out.colour, nowMs: Date.now() });
      const kept = picture.slice(0, rows - 1);
      out.write(`${home()}${clearDown}${kept.join('\n')}\n`);
      drawn = kept.length;
    },
    line(text) {
      out.write(`${home()}${clearDown}${text}\n`);
      drawn = 0;
    },
    close() {
      process.off('exit', restoreCursor);
      restoreCursor();
    },
  };
  return screen;
}
