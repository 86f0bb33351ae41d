import { code, type Inline, md, text } from '../../forge/render/index.ts';

/** A bullet as it stands in AGENTS.md, prose and code spans, as a piece of a text for the forge. */
export function bulletText(bullet: string): Inline {
  let shown = md``;
  let end = 0;
  for (const { 0: span, index, groups } of bullet.slice(0, LONGEST).matchAll(SPAN)) {
    shown = withProse(shown, bullet.slice(end, index));
    const inside = code(groups!.inside!.replace(/^ (.*) $/, '$1'));
    shown = /\s$/.test(bullet.slice(0, index)) ? md`${shown} ${inside}` : md`${shown}${inside}`;
    end = index + span.length;
  }
  return withProse(shown, bullet.length > LONGEST ? `${bullet.slice(end, LONGEST)}…` : bullet.slice(end));
}

/** Characters; no line of ours is half as long. */
const LONGEST = 1_000;

const SPAN = /(?<fence>`+)(?<inside>[^`]|[^`][\s\S]*?[^`])\k<fence>(?!`)/g;

/** What may stand right behind a code span: taken for a word of its own it would become code. */
const MARKS: Readonly<Record<string, (before: Inline) => Inline>> = {
  ';': (before) => md`${before};`,
  ',': (before) => md`${before},`,
  '.': (before) => md`${before}.`,
  ':': (before) => md`${before}:`,
  ')': (before) => md`${before})`,
};

function withProse(before: Inline, prose: string): Inline {
  const mark = MARKS[prose.charAt(0)];
  if (mark) return withProse(mark(before), prose.slice(1));
  if (prose.trim() === '') return before;
  const end = CLOSED_WORD.exec(prose)?.[0].length ?? prose.length;
  const said = text(prose.slice(0, end));
  const shown = /^\s/.test(prose) ? md`${before} ${said}` : md`${before}${said}`;
  return withProse(shown, prose.slice(end));
}

/** Up to a comma, or to a bracket that closes what another word opened: behind an ID it would become code with it. */
const CLOSED_WORD = /^(?:\S*\s)*?[^\s()]+(?=\)+[.,;:]*(?:\s|$)|[,;](?:\s|$))/;
