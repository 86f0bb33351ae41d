import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Box, Rgb } from './png.ts';

/** Of WCAG 2.1, level AA: 1.4.3 for text, 1.4.11 for what shows something. */
export const TEXT = 4.5;
export const SHAPE = 3;
/** Of one place for each pair of colours: what stands there, and how it stands out. */
interface Contrast {
  readonly text: string;
  readonly contrast: number;
}

/** What a page looks like from within. */
export interface Measured {
  readonly scrollWidth: number;
  /** What stands out of the page to the right, and in nothing that scrolls. */
  readonly outside: readonly string[];
  readonly texts: readonly Contrast[];
  readonly shapes: readonly Contrast[];
  readonly background: Rgb;
  /** The colours of what each is made of. */
  readonly plots: readonly (Box & { readonly name: string; readonly colours: readonly Rgb[] })[];
}

/** What answers that in a browser. Without the `;` at its end: it is an expression. */
export const MEASURE = readFileSync(join(import.meta.dirname, 'measure.js'), 'utf8')
  .trim()
  .replace(/;$/, '');
