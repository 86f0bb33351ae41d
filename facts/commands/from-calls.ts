import type { Evidence, FactSource, Purpose } from '../fact.ts';
import type { ConventionalCommand, Launcher, Trigger } from '../signal.ts';
import type { Candidate } from './candidate.ts';
import { type Context, differs, tasksRun } from './context.ts';
import { best, mentionFeatures } from './mentions.ts';
import type { BareCall } from './pipelines.ts';
import type { Features } from './ranking.ts';
import { type Reading, readCommand, shellWord } from './reading.ts';

/** What a tool that a pipeline calls by itself may answer. */
export function callCandidates(call: BareCall, { launchers }: Context): readonly Candidate[] {
  const { reading, mention } = call;
  if (reading.vague || reading.rule?.lends || mention.oneOfMany) return [];
  // What lies beside the repository is there for the pipeline alone.
  if (call.dir === '' && reading.words.some((word) => word === '..' || word.startsWith('../'))) return [];
  const writing = writingForm(reading);
  const mended: readonly Candidate[] = writing
    ? [
        {
          purpose: 'format',
          run: typed(writing, call.dir, launchers),
          dir: call.dir,
          source: mention.trigger === 'human' ? 'human' : 'config',
          evidence: [mention.at],
          features: {
            fit: reading.purposes.format ?? 0,
            support: mention.trigger === 'merge-request' ? 1 : 0.5,
            narrow: writing.narrow,
            flags: writing.flags,
          },
          tool: reading.tool,
        },
      ]
    : [];
  const own = (Object.entries(reading.purposes) as [Purpose, number][]).map(([purpose, weight]): Candidate => {
    const features: Features = {
      fit: weight,
      ...mentionFeatures([mention]),
      // A document's example for one folder is no answer for the whole.
      ...(mention.trigger === 'human' && reading.narrow >= 0.5 ? { human: 0.2 } : {}),
      narrow: reading.narrow,
      flags: reading.flags,
      ...modeOf(purpose, reading),
    };
    return {
      purpose,
      run: typed(reading, call.dir, launchers),
      dir: call.dir,
      source: SOURCES[mention.trigger] ?? 'config',
      evidence: [mention.at],
      features,
      tool: reading.tool,
    };
  });
  return [...own, ...mended];
}

/** What a pipeline only looks at with `--check`, a person formats without it. */
function writingForm(reading: Reading): Reading | undefined {
  const { rule, words, checks } = reading;
  if (!checks || rule?.checks === undefined || (rule.purposes.format ?? 0) < 0.7) return undefined;
  const looks = words.filter((word) => rule.checks?.includes(word));
  const own = words.filter((word) => !looks.includes(word) && !/^--?o(?:utput)?(?:=none)?$|^none$/.test(word));
  while (own.at(-1) === '--') own.pop();
  const writes = rule.writes?.[0];
  const at = rule.words.length;
  const written = writes === undefined || own.includes(writes) ? own : own.toSpliced(at, 0, writes);
  return { ...reading, words: written, checks: false, flags: written.filter((word) => word.startsWith('-')).length };
}

/** A line of a release or nightly pipeline shows a command; that merge requests must pass it, it does not. */
const SOURCES: Readonly<Partial<Record<Trigger, FactSource>>> = { 'merge-request': 'ci', human: 'human' };

/** What a manager or a configured tool offers by its own rules. */
export function conventionCandidate(command: ConventionalCommand, context: Context): Candidate {
  const { pipelines, typedTools } = context;
  const reading = readCommand(command.run.split(' '));
  const same = reading
    ? pipelines.calls.filter(
        (call) =>
          call.dir === command.dir &&
          call.reading.tool === reading.tool &&
          reachesGoals(call.reading, reading) &&
          (call.reading.purposes[command.purpose] ?? 0) > 0,
      )
    : [];
  const shown = best(
    same
      .filter(
        (call) => call.mention.trigger === 'merge-request' && !call.reading.contained && call.reading.narrow < 0.5,
      )
      .map((call) => call.mention),
  );
  const any = shown ?? best(same.map((call) => call.mention));
  // A pipeline that only ever runs the tool on a part supports the whole, but does not run it.
  const whole = same.some((call) => call.reading.narrow < 0.3);
  const onRequest = same.filter((call) => call.mention.trigger === 'merge-request');
  const onlyFolders = onRequest.length > 0 && onRequest.every((call) => call.reading.narrow < 0.5);
  const seen = any ? mentionFeatures([any]) : {};
  // A hook runner formats among other things: a pipeline that runs it says little about formatting.
  const squarely = reading?.purposes[command.purpose] ?? 0;
  const features: Features = {
    fit: 1,
    ...(any
      ? whole
        ? { ...seen, ci: (seen.ci ?? 0) * squarely, twice: squarely }
        : { support: 0.5, ...(onlyFolders ? { untyped: 0.5 } : {}) }
      : reading && tasksRun(reading.tool, command, context)
        ? { support: 1 }
        : {}),
    ...(command.source === 'config' ? { config: 1 } : {}),
    ...(command.source === 'human' ? { human: 1 } : {}),
    weight: command.weight ?? 0,
    // The repository itself types this tool, and otherwise: that form is the better one.
    ...(reading && differs(typedTools.get(`${command.dir} ${command.purpose} ${reading.tool}`), reading)
      ? { untyped: 1 }
      : {}),
  };
  const source: FactSource = shown ? 'ci' : command.source;
  const evidence: readonly Evidence[] = shown ? [shown.at, ...command.evidence] : command.evidence;
  return {
    purpose: command.purpose,
    run: command.run,
    dir: command.dir,
    source,
    evidence,
    features,
    ...(reading ? { tool: reading.tool } : {}),
  };
}

/** `./gradlew check` is no evidence for `./gradlew spotlessCheck`: goals of one program are tools of their own. */
function reachesGoals(call: Reading, wanted: Reading): boolean {
  if (wanted.rule) return buildFolderOf(call) === buildFolderOf(wanted);
  const goals = wanted.words.slice(1).filter((word) => !word.startsWith('-') && word !== 'clean');
  return goals.every((goal) => call.words.includes(goal));
}

/** `cmake --build out` is no evidence for `cmake --build build`. */
function buildFolderOf({ words }: Reading): string | undefined {
  const at = words.findIndex((word) => word === '--test-dir' || word === '--build' || word === '-B');
  return at < 0 ? undefined : words[at + 1];
}

/** A tool that looks where it should change, or changes where it should look. */
export function modeOf(purpose: Purpose, reading: Reading): { wrongMode?: number } {
  if (purpose === 'format' && reading.checks) return { wrongMode: 1 };
  if (purpose === 'lint' && reading.fixes) return { wrongMode: 1 };
  return {};
}

/** The command as a person types it here: with the launcher that this repository uses for tools of that language. */
export function typed(reading: Reading, dir: string, launchers: readonly Launcher[]): string {
  const command = reading.words.map(shellWord).join(' ');
  const language = reading.rule?.language;
  if (reading.launcher && ONE_OFF.has(reading.launcher)) return `${reading.launcher} ${command}`;
  const launcher = launchers
    .filter(
      (each) => each.language === language && (each.dir === dir || each.dir === '' || dir.startsWith(`${each.dir}/`)),
    )
    .sort((a, b) => b.dir.length - a.dir.length)[0];
  const prefix = language === undefined ? '' : (launcher?.prefix ?? reading.launcher ?? '');
  // A folder of programs is no word of its own, and a program that is named with its folder needs none.
  if (prefix.endsWith('/')) return reading.words[0]?.includes('/') ? command : `${prefix}${command}`;
  // `bin/rubocop` starts by itself.
  if (language === 'ruby' && reading.words[0]?.includes('/')) return command;
  return prefix === '' ? command : `${prefix} ${command}`;
}

const ONE_OFF = new Set(['uvx', 'uv tool run', 'pipx run']);
