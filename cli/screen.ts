import { stripVTControlCharacters } from 'node:util';

/** A terminal that is drawn over. */
export interface Screen {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Draws from the top, over what was there: it does not flicker. What does not fit is left out below. */
export function redraw(screen: Screen, text: string, footer: string): void {
  const { columns = 80, rows = 24 } = screen;
  const below = footer === '' ? [] : ['', ...footer.split('\n')];
  const height = (line: string): number => Math.max(1, Math.ceil(stripVTControlCharacters(line).length / columns));
  let room = rows - 1 - below.reduce((sum, line) => sum + height(line), 0);
  const shown = text
    .trimEnd()
    .split('\n')
    .filter((line) => {
      room -= height(line);
      return room >= 0;
    });
  screen.write(`\x1b[H${[...shown, ...below].map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`);
}
