import { stringsOf } from '../jvm/code-lines.ts';
import type { Script } from './script.ts';

/** A task that a build script declares. */
export interface DeclaredTask {
  readonly name: string;
  readonly line: number;
  readonly needs: readonly string[];
  readonly body: readonly string[];
  readonly description?: string;
  /** A step of the build that nobody runs by itself: it copies or packs, and its author wrote nothing for people. */
  readonly plumbing: boolean;
  /** The project it belongs to where the script says so by `project(":a") { ... }`. */
  readonly project?: string;
}

const NAME = `[ \\t]*["']([A-Za-z][\\w.-]*)["']`;
const ON_TASKS = new RegExp(`\\btasks\\.(?:register|create)(?:<[^>(]*>)?\\([ \\t]*(?:name[ \\t]*[:=])?${NAME}`);
const ON_TASKS_GROOVY = new RegExp(`\\btasks\\.(?:register|create)[ \\t]${NAME}`);
const IN_TASKS = new RegExp(
  `^[ \\t]*(?:val[ \\t]+\\w+[ \\t]*=[ \\t]*)?(?:register|create)(?:<[^>(]*>)?\\([ \\t]*${NAME}`,
);
const DELEGATED = /\bval[ \t]+([A-Za-z]\w*)[ \t]+by[ \t]+(?:tasks\.)?(?:registering|creating)\b/;
const TASK_CALL = new RegExp(`(?:^|[^.\\w])task(?:<[^>(]*>)?[ \\t]*\\(${NAME}`);
const TASK_WORD = /^[ \t]*task[ \t]+["']?([A-Za-z]\w*)["']?[ \t]*(?:$|[({])/;
/** What follows a declaration on its own line, and its block, is read this far. */
const MAX_BLOCK_LINES = 80;

/** Tasks with their descriptions, dependencies and, where they start a program, its command line. */
export function* declaredTasks(script: Script): Iterable<DeclaredTask> {
  for (const [index, { code, bare }] of script.lines.entries()) {
    if (!/task|register|create/.test(bare)) continue;
    const within = script.blocks[index] ?? [];
    const inTasks = within.at(-1) === 'tasks';
    const found =
      ON_TASKS.exec(code) ??
      ON_TASKS_GROOVY.exec(code) ??
      (inTasks ? IN_TASKS.exec(code) : null) ??
      (DELEGATED.test(code) && (inTasks || /tasks\./.test(code)) ? DELEGATED.exec(code) : null) ??
      TASK_CALL.exec(code) ??
      TASK_WORD.exec(code);
    if (!found) continue;
    const project = within
      .map((head) => /^project\([ \t]*["']:?([\w.:-]+)["'][ \t]*\)$/.exec(head)?.[1])
      .findLast((path) => path !== undefined);
    const own = block(script, index, found);
    const plumbing = own.description === undefined && !own.grouped && PLUMBING.test(code);
    const declaration = { name: found[1]!, line: index + 1, ...own, plumbing };
    yield project === undefined ? declaration : { ...declaration, project: `:${project}` };
  }
}

const PLUMBING =
  /(?:type[ \t]*:[ \t]*|<|["'],[ \t]*|\()(?:Copy|Sync|Jar|Zip|Tar|Delete|WriteProperties|JavaCompile|KotlinCompile|Javadoc|ShadowJar|Dependency\w*Task)\b/;

interface Block {
  readonly grouped: boolean;
  readonly needs: readonly string[];
  readonly body: readonly string[];
  readonly description?: string;
}

function block(script: Script, first: number, found: RegExpExecArray): Block {
  const needs = new Set<string>();
  const body: string[] = [];
  let description: string | undefined;
  let grouped = false;
  // The declaration's own bracket may have been read with its name: `tasks.register("x"`, `task x(`.
  let depth = /[({]/.test(found[0]) ? 1 : 0;
  let start = found.index + found[0].length;
  const last = Math.min(script.lines.length, first + MAX_BLOCK_LINES);
  for (let index = first; index < last; index++) {
    const { code, bare } = script.lines[index]!;
    const text = code.slice(start);
    const said = /\bdescription(?:[ \t]*=|\.set\(|[ \t:(])[ \t(]*(["'])(.+?)\1/.exec(text)?.[2];
    grouped ||= /\bgroup(?:[ \t]*[=:]|\.set\(|[ \t(]+["'])/.test(text);
    description ??= said?.replaceAll(/\s+/g, ' ').trim();
    const depends = /\b(?:dependsOn|finalizedBy)\b(.*)/.exec(text)?.[1];
    if (depends !== undefined && !/\bfinalizedBy\b/.test(text))
      for (const name of dependencies(depends)) needs.add(name);
    const command = /\bcommandLine\b/.test(text)
      ? argumentsFrom(script, index, start + text.indexOf('commandLine'))
      : undefined;
    if (command) body.push(command);
    for (const char of bare.slice(start))
      depth += char === '{' || char === '(' ? 1 : char === '}' || char === ')' ? -1 : 0;
    start = 0;
    if (depth <= 0 && !/^[ \t]*\{/.test(script.lines[index + 1]?.bare ?? '')) break;
  }
  return { grouped, needs: [...needs], body, ...(description ? { description } : {}) };
}

/** What follows `tasks.` and is no task. */
const API = new Set(['named', 'withType', 'getByName', 'getByPath', 'matching', 'register', 'create', 'findByName']);

/** Names of the same project; `:other:task` belongs to another one. */
function dependencies(text: string): readonly string[] {
  const quoted = stringsOf(text).filter((name) => /^:?[A-Za-z][\w-]*$/.test(name));
  const named = [...text.matchAll(/\btasks\.([A-Za-z]\w*)/g)]
    .map((match) => match[1]!)
    .filter((name) => !API.has(name));
  const words = /^[ \t:=(]*\[?([A-Za-z]\w*(?:[ \t]*,[ \t]*[A-Za-z]\w*)*)/.exec(text)?.[1]?.split(',') ?? [];
  const plain = words
    .map((word) => word.trim())
    .filter((word) => word !== 'tasks' && !text.includes(`${word}.`) && !text.includes(`${word}(`));
  return [...quoted.map((name) => name.replace(/^:/, '')), ...named, ...plain];
}

/** `commandLine("npm", "run", "lint")`: the words, or nothing where one of them is computed. */
function argumentsFrom(script: Script, first: number, column: number): string | undefined {
  let text = '';
  let bare = '';
  let depth = 0;
  let start = column + 'commandLine'.length;
  for (let index = first; index < Math.min(script.lines.length, first + 12); index++) {
    const line = script.lines[index]!;
    text += ` ${line.code.slice(start)}`;
    bare += ` ${line.bare.slice(start)}`;
    for (const char of line.bare.slice(start))
      depth += char === '(' || char === '[' ? 1 : char === ')' || char === ']' ? -1 : 0;
    start = 0;
    if (depth <= 0 && !/[,(=][ \t]*$/.test(line.bare)) break;
  }
  if (/[\w$+]/.test(bare.replaceAll(/\b(?:listOf|mutableListOf|as|List|String)\b/g, '')) || text.includes('$'))
    return undefined;
  const words = stringsOf(text);
  return words.length ? words.map((word) => (/^[\w./:=@,+-]+$/.test(word) ? word : `'${word}'`)).join(' ') : undefined;
}
