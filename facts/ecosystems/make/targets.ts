import type { Makefile } from './load.ts';
import type { Rule } from './parse.ts';

/** What can be asked of make by name, after all files are read and all names expanded. */
export interface Target {
  readonly name: string;
  /** Declared `.PHONY`: a command, not a file. */
  readonly phony: boolean;
  /** Its name stands in the file as it is, not behind a variable. */
  readonly literal: boolean;
  readonly path: string;
  readonly line: number;
  readonly body: readonly string[];
  /** Whether the recipe writes a file of the target's name. */
  readonly makesFile: boolean;
  readonly prerequisites: readonly string[];
  readonly description: string | undefined;
  /** It gives up without a variable that no file sets: `make release VERSION=1.2`. */
  readonly demanding: boolean;
  /** Something behind a shorter name: `%: common-%` makes `lint` of `common-lint`. */
  readonly behind?: boolean;
}

export interface Targets {
  readonly byName: ReadonlyMap<string, Target>;
  /** What plain `make` makes. */
  readonly goal: string | undefined;
  /** The recipe of `.DEFAULT` or `%:`, which takes every name there is no rule for. */
  readonly catchAll: readonly string[];
  /** Pattern rules by what they make: `test/%`. */
  readonly patterns: readonly Rule[];
  /** Every name that can be typed, also of targets that are no tasks. */
  readonly names: ReadonlySet<string>;
  /** Names that are in part computed, as patterns: `build-$(OS)` is `build-%`. */
  readonly computed: readonly string[];
  /** Names may be missing above: some are wholly computed, or there are too many. */
  readonly open: boolean;
}

/** `$(addprefix build-,$(X))`, whose spaces are gone. */
const PREFIXED = /^\$[({]addprefix([\w.:/-]+),.*[)}]$/;
/** Generated lists of targets are no menu. */
const MAX_TARGETS = 2_000;
const MAX_BODY = 200;

interface Draft {
  name: string;
  literal: boolean;
  rules: Rule[];
  stem: string;
  prerequisites: string[];
}

/** Turns rules into targets: rules of one name are joined, static patterns and forwarding patterns are resolved. */
export function targetsOf(makefile: Makefile): Targets {
  const drafts = new Map<string, Draft>();
  const phony = new Map<string, string | undefined>();
  const patterns: Rule[] = [];
  const forwarding: { target: string; from: string }[] = [];
  let catchAll: readonly string[] = [];
  let first: string | undefined;
  const phonies = new Set<string>();
  const computed = new Set<string>();
  let open = false;

  for (const rule of makefile.rules) {
    const names = words(makefile, rule, rule.targets);
    const needs = words(makefile, rule, rule.prerequisites);
    if (names.length === 1 && names[0] === '.PHONY') {
      for (const name of needs) phony.set(name, rule.description ?? phony.get(name));
      for (const name of needs) if (!name.includes('$')) phonies.add(name);
      continue;
    }
    for (const name of names) {
      if (name === '.DEFAULT' || (name === '%' && needs.length === 0)) catchAll = bodyOf(makefile, [rule], {});
      const part = name.includes('$')
        ? name.replace(PREFIXED, '$1%').replace(/\$(?:\([^()]*\)|\{[^{}]*\}|.)/g, '%')
        : undefined;
      if (part !== undefined && /[A-Za-z]{2}/.test(part) && computed.size < 200) computed.add(part);
      else open ||= part !== undefined || drafts.size >= MAX_TARGETS;
      if (isSpecial(name) || name.includes('$') || drafts.size >= MAX_TARGETS) continue;
      if (name.includes('%')) {
        if (rule.recipe.length > 0 && patterns.length < 50) patterns.push({ ...rule, targets: name });
        const from = needs[0];
        // What `%` may be is known only where it stands for another target's name.
        open ||= patterns.length >= 50 || (name === '%' && !/^[\w-]+%$|^%[\w-]+$/.test(from ?? ''));
        if (from?.includes('%') && forwarding.length < 50) forwarding.push({ target: name, from });
        continue;
      }
      const stem = rule.targetPattern === undefined ? '' : (stemOf(name, rule.targetPattern) ?? '');
      first ??= name.startsWith('.') ? undefined : name;
      const draft = drafts.get(name) ?? { name, literal: false, rules: [], stem, prerequisites: [] };
      drafts.set(name, draft);
      if (!rule.targets.includes('$')) draft.literal = true;
      draft.rules.push(rule);
      for (const need of needs) draft.prerequisites.push(need.replaceAll('%', () => stem));
    }
    // A first rule with an unknown name is still what plain `make` makes.
    if (first === undefined && names.some((name) => !isSpecial(name) && !name.includes('%'))) first = names[0];
  }

  const byName = new Map<string, Target>();
  for (const draft of drafts.values()) byName.set(draft.name, targetOf(makefile, draft, phony));
  for (const { target, from } of forwarding) {
    for (const draft of drafts.values()) {
      const stem = stemOf(draft.name, from);
      const real = byName.get(draft.name);
      const name = stem && target.replace('%', () => stem);
      if (!name || !real || byName.size >= MAX_TARGETS) continue;
      if (!byName.has(name)) byName.set(name, { ...real, name });
      byName.set(real.name, { ...real, behind: true });
    }
  }
  const stated =
    makefile.defaultGoal && makefile.variables.expand(makefile.defaultGoal, { dir: makefile.dir, file: '' });
  return {
    byName,
    goal: stated || first,
    catchAll,
    patterns,
    names: new Set([...byName.keys(), ...phonies]),
    computed: [...computed],
    open,
  };
}

function targetOf(makefile: Makefile, draft: Draft, phony: ReadonlyMap<string, string | undefined>): Target {
  const withRecipe = draft.rules.filter((rule) => rule.recipe.length > 0);
  // Of two recipes the later one wins, unless a conditional or a double colon keeps both.
  const kept = withRecipe.every((rule) => rule.conditional || rule.doubleColon) ? withRecipe : withRecipe.slice(-1);
  const at = kept[0] ?? draft.rules[0]!;
  const body = bodyOf(makefile, kept, { '@': draft.name, '*': draft.stem, '<': draft.prerequisites[0] ?? '' });
  return {
    name: draft.name,
    phony: phony.has(draft.name),
    literal: draft.literal,
    path: at.path,
    line: at.line,
    body,
    demanding: kept.some((rule) => demandsOf(rule).some((name) => !makefile.variables.has(name))),
    makesFile: body.some((line) => writes(line, draft.name)),
    prerequisites: [...new Set(draft.prerequisites)].filter((name) => name !== '|' && name !== draft.name),
    description: describedAs(draft, at, phony.get(draft.name)),
  };
}

function describedAs(draft: Draft, at: Rule, said: string | undefined): string | undefined {
  const text = at.description ?? said ?? draft.rules.find((rule) => rule.description)?.description;
  if (text === undefined) return undefined;
  // `## test: runs the tests`: the name is there for a help target's awk.
  const named = text.startsWith(draft.name) ? text.slice(draft.name.length).match(/^\s*[:-]+\s*([\s\S]+)$/) : null;
  return named?.[1] ?? text;
}

/** Variables that a recipe checks before anything else, and gives up without. */
function demandsOf({ demands, recipe }: Rule): readonly string[] {
  const checked = recipe.slice(0, MAX_CHECKS).flatMap((line) => {
    const text = line.slice(0, 500);
    return CHECKS.map((check) => check.exec(text)?.[1]).find((name) => name !== undefined) ?? [];
  });
  return [...demands, ...checked];
}

const MAX_CHECKS = 5;
const CHECKS = [
  /\$\(if \$[({](?:strip \$[({])?([\w-]+)[)}]{1,2},\s*,\s*\$\(error\b/,
  /\btest -n\s+["']?\$[({]([\w-]+)[)}]["']?\s*\|\|/,
  /\btest -z\s+["']?\$[({]([\w-]+)[)}]["']?\s*&&\s*[({]?\s*(?:echo|printf|>&2)[^;&|]{0,300}[;&]+\s*exit [1-9]/,
  /\[\s+-z\s+["']?\$[({]([\w-]+)[)}]["']?\s+\]\s*(?:;\s*then|&&\s*[({]?)\s*(?:echo|printf|>&2)[^;&|]{0,300}[;&]+\s*exit [1-9]/,
  /\[\s+-n\s+["']?\$[({]([\w-]+)[)}]["']?\s+\]\s*\|\|/,
  /\$\(call (?:check[-_]defined|require|guard)[\w-]*,\s*([\w-]+)/,
];

/** `-o prog`, `> prog`, `touch prog`, `mkdir -p prog`: the target is what its recipe leaves behind. */
function writes(line: string, name: string): boolean {
  let before = '';
  for (const word of line.split(/[\s;&|()'"]+/)) {
    if (word === `>${name}`) return true;
    if ((word === name || word === `./${name}`) && /^(?:-o|>|touch|mkdir|-p)$/.test(before)) return true;
    before = word;
  }
  return false;
}

/** The recipe as shell text: make's prefixes taken off, constants expanded, comments left out. */
function bodyOf(
  makefile: Makefile,
  rules: readonly Rule[],
  automatic: Readonly<Record<string, string>>,
): readonly string[] {
  const body: string[] = [];
  for (const rule of rules) {
    for (const line of rule.recipe) {
      const scope = { dir: makefile.dir, file: '', automatic };
      for (const part of makefile.variables
        .expand(line, scope)
        .replace(/ ?\\\n\s*/g, ' ')
        .split('\n')) {
        const text = withTools(
          substituted(part, rule.path)
            .replace(/^[\s@+-]+/, '')
            .trimEnd(),
        );
        if (text !== '' && !text.startsWith('#') && body.length < MAX_BODY) body.push(text);
      }
    }
  }
  return body;
}

/** `@REBAR@` in a `Makefile.in`: what configure found, as a rule under that very name. */
function substituted(line: string, path: string): string {
  return path.endsWith('.in') ? line.replace(/@([A-Za-z]\w*)@/g, (_, name: string) => name.toLowerCase()) : line;
}

/**
 * Makefiles keep tools in variables that only a run can fill: `$(GOTESTSUM) ./...`, `$(LOCALBIN)/golangci-lint run`.
 * The name tells the tool; the folder it was installed to does not matter.
 */
function withTools(line: string): string {
  if (!line.includes('$')) return line;
  return line
    .replace(
      /(^|&& |; |\| )\$[({]([A-Z][A-Z0-9_-]+)[)}](?= |$)/g,
      (_, before: string, name: string) => before + name.toLowerCase().replaceAll('_', '-'),
    )
    .replace(/(^|&& |; |\| )\$[({][\w -]{1,80}[)}]\/(?:[\w.-]{1,80}\/){0,8}([\w.-]+)(?= |$)/g, '$1$2');
}

function words(makefile: Makefile, rule: Rule, text: string): readonly string[] {
  const expanded = makefile.variables.expand(text, { dir: makefile.dir, file: rule.path });
  // What could not be expanded may hold spaces: it is one word.
  return expanded
    .replace(/\$[({][^)}]{0,200}[)}]/g, (found) => found.replace(/\s/g, ''))
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => word.replaceAll('\\:', ':'));
}

/** `.PHONY`, `.SUFFIXES` and the like; `.c.o` is a suffix rule. */
function isSpecial(name: string): boolean {
  return /^\.(?:[A-Z_]+$|\w+\.\w+$)/.test(name) || name === '.DEFAULT';
}

/** What `%` stands for where a name fits a pattern. */
function stemOf(name: string, pattern: string): string | undefined {
  const at = pattern.indexOf('%');
  if (at < 0) return undefined;
  const before = pattern.slice(0, at);
  const after = pattern.slice(at + 1);
  if (name.length < before.length + after.length + 1 || !name.startsWith(before) || !name.endsWith(after))
    return undefined;
  return name.slice(before.length, name.length - after.length);
}
