import type { Fact } from '../../facts/index.ts';
import type { Composed, Item, Omitted } from '../item.ts';
import { code } from '../markdown.ts';

/** What a person calls each purpose, in the order of a working day. */
const NAMES: readonly (readonly [purpose: string, name: string, worth: number])[] = [
  ['install', 'Install', 90],
  ['build', 'Build', 80],
  ['test', 'Test', 100],
  ['lint', 'Lint', 85],
  ['format', 'Format', 75],
  ['typecheck', 'Typecheck', 78],
  ['generate', 'Generate', 60],
  ['run', 'Run', 55],
];
/** A longer command is no bullet. */
const MAX_LENGTH = 160;
/** What every toolchain does by itself says nothing, unless something in the repository names it. */
const ONLY_IF_NAMED = new Set(['lint', 'format', 'typecheck', 'generate', 'run']);

/** A formatter that only looks. */
const LOOKS = /(?:\bcheck|--diff|--dry-run|--verify|-l\b|set-exit-if-changed)/;
/** What fetches dependencies where every other command would fetch them anyway. */
const NEEDLESS = /^(?:go mod download|cargo fetch)$/;

/** Without these nobody can work: where the root has none, the folder of the sources gives them. */
const ESSENTIAL = new Set(['build', 'test', 'lint']);

/** The answer of the folder that holds the sources, or lies in them. */
function whereTheSourcesAre(answers: readonly Fact[], facts: readonly Fact[]): Fact | undefined {
  const sources = facts.find(({ key, dir }) => key === 'layout.sources' && dir === '')?.value;
  if (sources === undefined) return undefined;
  return answers.find(({ dir }) => dir === sources || sources.startsWith(`${dir}/`));
}

/** The commands of a folder: one bullet for each different command, with all that it is for. */
export function commandItems(facts: readonly Fact[], file: string, dir: string): Composed {
  const omitted: Omitted[] = [];
  const chosen = new Map<string, { purposes: string[]; fact: Fact; worth: number }>();
  for (const [purpose, , worth] of NAMES) {
    const answers = facts.filter((fact) => fact.key === `command.${purpose}`);
    const best =
      answers.find((fact) => fact.dir === dir) ??
      (dir === '' && ESSENTIAL.has(purpose) ? whereTheSourcesAre(answers, facts) : undefined);
    if (!best) continue;
    if (best.value.length > MAX_LENGTH) {
      omitted.push({ text: best.value, reason: 'too long for a bullet', evidence: best.evidence });
      continue;
    }
    if ((best.source === 'convention' && ONLY_IF_NAMED.has(purpose)) || NEEDLESS.test(best.value)) {
      omitted.push({
        text: `${purpose}: ${best.value}`,
        reason: NEEDLESS.test(best.value)
          ? 'its toolchain does it by itself'
          : 'the default of its toolchain: nothing in the repository names it',
        evidence: best.evidence,
      });
      continue;
    }
    const known = chosen.get(`${best.dir} ${best.value}`);
    if (known) known.purposes.push(purpose);
    else chosen.set(`${best.dir} ${best.value}`, { purposes: [purpose], fact: best, worth });
  }
  const tested = [...chosen.values()].find(({ purposes }) => purposes.includes('test'))?.fact.dir ?? dir;
  const single = facts.find(
    (fact) => fact.key === 'command.test-single' && fact.dir === tested && fact.value.length <= MAX_LENGTH,
  );
  const items: Item[] = [];
  for (const { purposes, fact, worth } of chosen.values()) {
    const names = NAMES.filter(([purpose]) => purposes.includes(purpose)).map(([, name]) => name);
    const place = fact.dir === dir ? '' : ` (in ${code(`${fact.dir}/`)})`;
    if (/^Format/.test(names[0]!) && LOOKS.test(fact.value)) names[0] = 'Format check';
    const title = names.map((name, i) => (i === 0 ? name : name.toLowerCase())).join(', ');
    const isTest = purposes.includes('test') && single !== undefined && single.value !== fact.value;
    items.push({
      file,
      section: 'Repository',
      key: `command.${purposes[0]}`,
      text: `${title}${place}: ${code(fact.value)}${isTest ? `; a single one: ${code(single.value)}` : ''}`,
      evidence: isTest ? [...fact.evidence, ...single.evidence] : fact.evidence,
      kind: 'command',
      worth,
    });
  }
  if (single && ![...chosen.values()].some(({ purposes }) => purposes.includes('test'))) {
    items.push({
      file,
      section: 'Repository',
      key: single.key,
      text: `Test a single one: ${code(single.value)}`,
      evidence: single.evidence,
      kind: 'command',
      worth: 95,
    });
  }
  return { items, omitted };
}
