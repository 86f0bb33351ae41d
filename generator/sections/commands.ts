import type { Fact } from '../../facts/index.ts';
import type { Composed, Item, Omitted } from '../item.ts';
import { code } from '../markdown.ts';
import {
  answerAbove,
  asBuilt,
  type Chosen,
  CONFIGURES,
  lastResortsLast,
  onlyFolder,
  otherRunner,
  secondInstall,
  setsUp,
  sharedAnswer,
  weakerRival,
  whereTheSourcesAre,
} from './command-choice.ts';
import { LOOKS, MAX_LENGTH, NEEDLESS, reasonAgainst } from './command-worth.ts';

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
/** Without these nobody can work: where the root has none, the folder of the sources gives them. */
const ESSENTIAL = new Set(['build', 'test', 'lint']);

/** Said too, where the root has nothing and everything essential is typed in one folder. */
const THERE = new Set(['install', 'format', 'typecheck']);

/** The order of a working day, whenever a command was found. */
function byPurpose(a: Chosen, b: Chosen): number {
  const place = ({ purposes }: Chosen): number => NAMES.findIndex(([purpose]) => purpose === purposes[0]);
  return place(a) - place(b);
}

/** The commands of a folder: one bullet for each different command, with all that it is for. */
export function commandItems(facts: readonly Fact[], file: string, dir: string): Composed {
  const omitted: Omitted[] = [];
  const chosen = new Map<string, Chosen>();
  const rival = weakerRival(facts, dir);
  const choose = (purpose: string, worth: number, answers: readonly Fact[], shared = false): void => {
    let needless: Fact | undefined;
    for (const answer of answers) {
      const reason =
        reasonAgainst(answer, purpose, facts) ??
        (rival?.test(answer.value) ? 'the same by the other build tool' : undefined) ??
        (needless && !setsUp(answer, needless) ? 'installs something else' : undefined);
      if (reason === undefined) {
        const known = chosen.get(`${answer.dir} ${answer.value}`);
        if (known) known.purposes.push(purpose);
        else chosen.set(`${answer.dir} ${answer.value}`, { purposes: [purpose], fact: answer, worth, shared });
        return;
      }
      omitted.push({ text: `${purpose}: ${answer.value}`, reason, evidence: answer.evidence });
      if (NEEDLESS.test(answer.value)) needless ??= answer;
    }
  };
  for (const [purpose, , worth] of NAMES) {
    const answers = facts.filter((fact) => fact.key === `command.${purpose}`);
    const all = answers.filter((fact) => fact.dir === dir);
    const here = purpose === 'install' ? asBuilt(all, facts) : all;
    const below = here.length === 0 && dir === '' && ESSENTIAL.has(purpose);
    const alike = below ? sharedAnswer(answers) : undefined;
    const above = answerAbove(answers, alike);
    const elsewhere = above ?? alike ?? (below ? whereTheSourcesAre(answers, facts) : undefined);
    choose(purpose, worth, elsewhere ? [elsewhere] : lastResortsLast(here), above === undefined && alike !== undefined);
  }
  const there = onlyFolder([...chosen.values()]);
  for (const [purpose, , worth] of there === undefined || there === dir ? [] : NAMES) {
    if (THERE.has(purpose))
      choose(
        purpose,
        worth,
        facts.filter((fact) => fact.key === `command.${purpose}` && fact.dir === there),
      );
  }
  const second = secondInstall([...chosen.values()], facts, dir);
  if (second) chosen.set(`${dir} ${second.value}`, { purposes: ['install'], fact: second, worth: 89, shared: false });
  const test = [...chosen.values()].find(({ purposes }) => purposes.includes('test'))?.fact;
  const single = facts.find(
    (fact) =>
      fact.key === 'command.test-single' &&
      fact.dir === (test?.dir ?? dir) &&
      fact.value.length <= MAX_LENGTH &&
      !rival?.test(fact.value) &&
      !otherRunner(fact.value, test?.value),
  );
  const items: Item[] = [];
  for (const { purposes, fact, worth, shared } of [...chosen.values()].sort(byPurpose)) {
    const names = NAMES.filter(([purpose]) => purposes.includes(purpose)).map(([, name]) => name);
    const place =
      fact.dir === dir ? '' : ` (in ${shared ? 'the folder of a project, such as ' : ''}${code(`${fact.dir}/`)})`;
    if (/^Format/.test(names[0]!) && LOOKS.test(fact.value)) names[0] = 'Format check';
    if (names[0] === 'Install' && CONFIGURES.test(fact.value)) names[0] = 'Configure';
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
