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
/** Prepares a build folder, and installs nothing. */
const CONFIGURES = /^cmake |^meson setup|\.\/configure\b/;
/** What fetches dependencies where every other command would fetch them anyway. */
const NEEDLESS = /^(?:go mod download|cargo fetch)$/;

/** Makes what is published of code that runs as it is. */
const PACKAGING = /^(?:uv|poetry|pdm|hatch) build\b|^python3? -m build\b/;
/** Tasks of a build plugin: a build file applies it, even where no line spells the task. */
const APPLIED =
  /\b(?:spotlessApply|ktlintFormat|spotless:apply|spring-javaformat:apply|formatter:format|fmt:format|scalafmtAll|ktlintCheck|spotlessCheck|detekt)\b/;

/** Without these nobody can work: where the root has none, the folder of the sources gives them. */
const ESSENTIAL = new Set(['build', 'test', 'lint']);

/** The answer of the folder that holds the sources, or lies in them. */
function whereTheSourcesAre(answers: readonly Fact[], facts: readonly Fact[]): Fact | undefined {
  const sources = facts.find(({ key, dir }) => key === 'layout.sources' && dir === '')?.value;
  if (sources === undefined) return undefined;
  return answers.find(({ dir }) => dir === sources || sources.startsWith(`${dir}/`));
}

/** Why a true command is not worth a bullet. */
function reasonAgainst({ value, source, evidence }: Fact, purpose: string): string | undefined {
  if (value.length > MAX_LENGTH) return 'too long for a bullet';
  if (NEEDLESS.test(value)) return 'its toolchain does it by itself';
  if (purpose === 'build' && PACKAGING.test(value)) return 'packages a release: no step of daily work';
  // A console script of a library starts its command line, not the project.
  if (purpose === 'run' && source === 'config') return 'an entry point, not how the project is started';
  if (ONLY_IF_NAMED.has(purpose) && source === 'convention' && !APPLIED.test(value)) {
    return 'the default of its toolchain: nothing in the repository names it';
  }
  if (
    purpose !== 'install' &&
    !/^(?:[\w ]+ )?(?:pre-commit|prek) /.test(value) &&
    evidence.every(({ path }) => path.endsWith('.pre-commit-config.yaml'))
  ) {
    return 'only a pre-commit hook brings the tool';
  }
  return undefined;
}

/** The commands of a folder: one bullet for each different command, with all that it is for. */
export function commandItems(facts: readonly Fact[], file: string, dir: string): Composed {
  const omitted: Omitted[] = [];
  const chosen = new Map<string, { purposes: string[]; fact: Fact; worth: number }>();
  for (const [purpose, , worth] of NAMES) {
    const answers = facts.filter((fact) => fact.key === `command.${purpose}`);
    const here = answers.filter((fact) => fact.dir === dir);
    const elsewhere =
      here.length === 0 && dir === '' && ESSENTIAL.has(purpose) ? whereTheSourcesAre(answers, facts) : undefined;
    let best: Fact | undefined;
    for (const answer of elsewhere ? [elsewhere] : here) {
      const reason = reasonAgainst(answer, purpose);
      if (reason === undefined) {
        best = answer;
        break;
      }
      omitted.push({ text: `${purpose}: ${answer.value}`, reason, evidence: answer.evidence });
      // Where nothing needs to be installed, the next answer installs something else.
      if (NEEDLESS.test(answer.value)) break;
    }
    if (!best) continue;
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
