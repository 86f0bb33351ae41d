import { readName } from '../../commands/names.ts';
import type { Evidence } from '../../fact.ts';
import { joinPath } from '../../path-index.ts';
import type { ConventionalCommand } from '../../signal.ts';
import { runMemberScript, runScriptWith, runTool } from './manager-verbs.ts';
import type { Script } from './package-json.ts';
import type { Use } from './package-tools.ts';
import type { Project } from './projects.ts';
import { type RunnerCall, runnerCall } from './runners.ts';
import { plain, scriptCall } from './script-calls.ts';

/**
 * How to run the tests of one file: through a script that hands its last words to a test runner, through the script of
 * one package where the root's fans out, or with the runner itself.
 */
export function singleTests(root: Project, uses: ReadonlyMap<Project, readonly Use[]>): readonly ConventionalCommand[] {
  const projects = [root, ...root.members];
  const forms = formsOf(root, projects, uses.get(root) ?? []);
  const outward = memberForm(root, projects, forms.length > 0);
  if (outward) forms.push(outward);
  const found = forms.map((form) => command(root, form));
  // A member speaks for itself only where nothing said at the root fits it.
  const covered = new Set(forms.flatMap(({ framework }) => framework ?? []));
  for (const member of root.members) {
    if (member.secondary || outward?.members.has(member)) continue;
    const own = formsOf(member, projects, uses.get(member) ?? []).filter(
      ({ framework }) => framework === undefined || !covered.has(framework),
    );
    found.push(...own.map((form) => command(member, form)));
  }
  return found;
}

interface Form {
  readonly run: string;
  readonly evidence: readonly Evidence[];
  readonly weight: number;
  readonly framework: string | undefined;
}

function command({ dir }: Project, { run, evidence, weight }: Form): ConventionalCommand {
  return { kind: 'command', purpose: 'test-single', run, dir, source: 'config', evidence, weight };
}

/** Names of runners: a script called like one is how its maintainers start it. */
const RUNNER_NAMES = new Set(['vitest', 'jest', 'mocha', 'ava', 'tap', 'uvu', 'jasmine', 'playwright']);

function formsOf(project: Project, projects: readonly Project[], uses: readonly Use[]): Form[] {
  const { manifest, manager } = project;
  const forms: Form[] = [];
  const tools = new Map<string, { call: RunnerCall; evidence: Evidence; weight: number }>();
  for (const script of testScripts(project)) {
    const reached = reach(project, script.name, projects, 0);
    for (const invocation of script.calls) {
      // A runner in the middle of a script gets no words from outside, but shows what to type.
      const inside = invocation.dir === '' ? runnerCall(invocation) : undefined;
      if (inside && !inside.endToEnd && !tools.has(inside.framework)) {
        tools.set(inside.framework, {
          call: inside,
          evidence: manifest.file.at(script.bodyLine),
          weight: scriptWeight(script.name),
        });
      }
    }
    if (!reached || reached.call.endToEnd) continue;
    const { call } = reached;
    const at = manifest.file.at(script.line);
    if (call.argument === undefined || call.narrowed || call.watches) continue;
    const evidence =
      reached.project === project && reached.script !== script ? [at, manifest.file.at(reached.script.line)] : [at];
    forms.push({
      run: runScriptWith(manager.name, script.name, call.argument),
      evidence,
      weight: scriptWeight(script.name) - (reached.first === 'check' ? 7 : reached.first === 'other' ? 2 : 0),
      framework: call.framework,
    });
  }
  for (const [framework, { call, evidence, weight }] of tools) {
    // The deno plugin speaks for Deno.
    if (call.argument === undefined || framework === 'deno test') continue;
    const words = [call.head, ...call.settings, call.argument].join(' ');
    const run = call.bin ? runTool(manager.name, words, manifest.scripts) : words;
    if (forms.some((form) => form.run === run)) continue;
    forms.push({ run, evidence: [evidence], weight: directWeight(framework, weight), framework });
  }
  for (const { tool, evidence, configured } of uses) {
    // Installed, configured, and yet in no script: the runner by itself.
    const run = tool.commands?.test;
    if (!run || tool.endToEnd || tools.has(tool.name)) continue;
    // What a workspace's root or its members merely install is used elsewhere.
    if (!configured && (project.monorepo || project.kind === 'member')) continue;
    forms.push({
      run: runTool(manager.name, `${run} <file>`, manifest.scripts),
      evidence: [evidence],
      weight: configured ? 3 : 1,
      framework: tool.name,
    });
  }
  return forms;
}

/** The runner by itself, against the scripts around it: `bun test x` is what people type where `test` says no more. */
function directWeight(framework: string, script: number): number {
  if (framework === 'bun test') return script >= 6 ? script + 1 : script - 1;
  return framework === 'node:test' ? script - 3 : Math.min(4, script - 1);
}

/** Best first: `test`, then scripts called like a runner, then variants of `test`. */
function scriptWeight(name: string): number {
  if (name === 'test') return 10;
  if (RUNNER_NAMES.has(name)) return name === 'vitest' ? 8 : 7;
  return /^(?:test[:-]?)?unit(?:[:-]?tests?)?$|^test:(?:run|single|file)$/.test(name) ? 6 : 2;
}

const NOT_PLAIN =
  /watch|cov|debug|update|snapshot|e2e|integration|browser|smoke|bench|perf|types?\b|lint|ui\b|examples?/i;

function testScripts({ manifest }: Project): readonly Script[] {
  const plainly = [...manifest.scripts.values()].filter(
    ({ name }) => scriptWeight(name) >= 6 || (!NOT_PLAIN.test(name) && readName(name)?.purposes.test !== undefined),
  );
  return plainly.sort((a, b) => scriptWeight(b.name) - scriptWeight(a.name));
}

interface Reached {
  readonly call: RunnerCall;
  /** Where the runner stands. */
  readonly project: Project;
  readonly script: Script;
  /** What runs before it each time: nothing, checks nobody wants while trying one test, or something it may need. */
  readonly first: 'nothing' | 'check' | 'other';
}

const MAX_DEPTH = 5;
const MAX_SCRIPTS = 30;

/** The test runner that gets the words typed after a script's name; `undefined` where none does. */
function reach(project: Project, name: string, projects: readonly Project[], depth: number): Reached | undefined {
  const script = project.manifest.scripts.get(name);
  const last = script?.calls.at(-1);
  if (!script || !last || last.guarded || depth > MAX_DEPTH) return undefined;
  const first = before(script);
  const call = scriptCall(last.words);
  const next = call?.passes ? target(project, call.where, call.scripts[0]!, projects) : undefined;
  if (call && next) {
    if (plain(call.extra, []).length > 0) return undefined;
    const reached = reach(next, call.scripts[0]!, projects, depth + 1);
    return reached && { ...reached, first: first === 'nothing' ? reached.first : first };
  }
  const runner = runnerCall(last);
  return runner && { call: runner, project, script, first };
}

/** The package whose script is called, if it has such a script. */
function target(
  from: Project,
  where: NonNullable<ReturnType<typeof scriptCall>>['where'],
  name: string,
  projects: readonly Project[],
): Project | undefined {
  if (where === 'many') return undefined;
  const found = where === 'here' ? from : projectAt(from, where, projects);
  return found?.manifest.scripts.has(name) ? found : undefined;
}

function projectAt(
  from: Project,
  where: { readonly name: string } | { readonly dir: string },
  projects: readonly Project[],
): Project | undefined {
  if ('dir' in where) return projects.find(({ dir }) => dir === joinPath(from.dir, where.dir));
  const exact = projects.find(({ manifest }) => manifest.name === where.name);
  if (exact) return exact;
  // pnpm lets the scope be left out where that is unambiguous.
  const scoped = projects.filter(({ manifest }) => manifest.name?.replace(/^@[^/]*\//, '') === where.name);
  return scoped.length === 1 ? scoped[0] : undefined;
}

function before(script: Script): Reached['first'] {
  const others = script.calls.slice(0, -1);
  if (others.length === 0) return script.wired.length > 0 ? 'other' : 'nothing';
  const text = others.map(({ words }) => words.join(' ')).join('\n');
  return /\b(?:tsc|lint|eslint|oxlint|prettier|type-?check|check|xo|standard)\b/.test(text) &&
    !/\b(?:build|compile|bundle)\b/.test(text)
    ? 'check'
    : 'other';
}

/** The form for one package, where the root's test script runs those of all packages or nothing at the root runs one file. */
function memberForm(
  root: Project,
  projects: readonly Project[],
  said: boolean,
): (Form & { readonly members: ReadonlySet<Project> }) | undefined {
  if (root.members.length === 0) return undefined;
  const test = root.manifest.scripts.get('test') ?? testScripts(root)[0];
  const fanned = test ? fannedOut(test, root) : [];
  if (said && fanned.length === 0) return undefined;
  const weighty = root.members.filter(({ secondary }) => !secondary);
  const among = weighty.length > 0 ? weighty : root.members;
  // `test:ci` of the packages is what the pipeline wants; by hand one types their `test`.
  const names = ['test', ...fanned.filter((name) => name !== 'test')];
  const options = names.map((name) => ({
    name,
    having: among.flatMap((member) => takesFile(member, name, projects) ?? []),
  }));
  const best = options.reduce((a, b) => (b.having.length > a.having.length * 2 ? b : a), options[0]!);
  const shown = best.having[0];
  if (!shown) return undefined;
  const line = shown.member.manifest.scripts.get(best.name)!.line;
  const evidence = [shown.member.manifest.file.at(line)];
  if (test) evidence.unshift(root.manifest.file.at(test.line));
  return {
    run: runMemberScript(root.manager.name, '<name>', best.name, shown.argument),
    evidence,
    weight: fanned.length > 0 ? 9 : 6,
    framework: undefined,
    members: new Set(best.having.map(({ member }) => member)),
  };
}

/** The scripts that a script runs in many packages, be it through other scripts. */
function fannedOut(script: Script, { manifest }: Project): readonly string[] {
  const queue = [script.name];
  const found: string[] = [];
  for (let i = 0; i < queue.length && i < MAX_SCRIPTS; i++) {
    for (const { words } of manifest.scripts.get(queue[i]!)?.calls ?? []) {
      const call = scriptCall(words);
      if (call?.where === 'many') found.push(...call.scripts);
      if (call?.where === 'here') queue.push(...call.scripts.filter((name) => !queue.includes(name)));
    }
  }
  return found;
}

function takesFile(
  member: Project,
  name: string,
  projects: readonly Project[],
): { member: Project; argument: string } | undefined {
  const reached = reach(member, name, projects, 0);
  if (!reached || reached.call.argument === undefined || reached.call.narrowed || reached.call.endToEnd)
    return undefined;
  return { member, argument: reached.call.argument };
}
