/** Files of targets as text: the names that are certain, and the text with one of them gone or called otherwise. */
import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';

export interface Manifest {
  /**
   * Names that are certain: declared once, in plain sight, and nothing else answers to them.
   *
   * @param exists whether a path stands beside the file
   * @param read a file beside it; empty where there is none
   */
  names(text: string, exists: (path: string) => boolean, read: (path: string) => string): ReadonlySet<string>;
  /** The text without a target; undefined where that cannot be done line by line. */
  without(text: string, name: string): string | undefined;
  renamed(text: string, name: string, successor: string): string | undefined;
}

/** Commands of package managers, and programs of packages that are not called like them. */
const NOT_SCRIPTS =
  /^(?:add|audit|bin|cache|changeset|config|create|dedupe|deploy|dlx|exec|fetch|help|i|import|info|init|install|link|list|ls|node|outdated|pack|patch|prune|publish|rebuild|remove|run|start|store|tsc|tsx|unlink|up|update|upgrade|version|why|workspaces?)$/;

export const packageScripts: Manifest = {
  names: (text) => {
    const { scripts, dependencies, devDependencies } = jsonOf(text);
    // Without a script of that name, `pnpm x` runs the program x of a package.
    const installed = Object.keys({ ...dependencies, ...devDependencies }).flatMap((name) => name.split(/[/@]/));
    return new Set(Object.keys(scripts ?? {}).filter((name) => !NOT_SCRIPTS.test(name) && !installed.includes(name)));
  },
  without: withoutKey,
  renamed: renamedKey,
};

const COMPOSER_COMMANDS =
  /^(?:about|archive|audit|bump|config|depends|diagnose|exec|fund|global|help|home|init|install|licenses|list|outdated|prohibits|reinstall|remove|require|run|search|show|status|suggests|update|validate)$|^(?:check|clear|create|dump|post|pre|run|self)-/;

export const composerScripts: Manifest = {
  names: (text) => new Set(Object.keys(jsonOf(text).scripts ?? {}).filter((name) => !COMPOSER_COMMANDS.test(name))),
  without: withoutKey,
  renamed: renamedKey,
};

interface Json {
  readonly scripts?: object;
  readonly dependencies?: object;
  readonly devDependencies?: object;
}

function jsonOf(text: string): Json {
  try {
    return (JSON.parse(text) ?? {}) as Json;
  } catch {
    return {};
  }
}

function withoutKey(text: string, name: string): string {
  return applyEdits(text, modify(text, ['scripts', name], undefined, {}));
}

function renamedKey(text: string, name: string, successor: string): string | undefined {
  const root = parseTree(text);
  const key = root && findNodeAtLocation(root, ['scripts', name])?.parent?.children?.[0];
  return key && `${text.slice(0, key.offset)}"${successor}"${text.slice(key.offset + key.length)}`;
}

export const makeTargets: Manifest = {
  names: (text, exists, read) => {
    // What is made by a rule for many names, or is decided while make runs, is not certain.
    const included = [...text.matchAll(/^[-s]?include\s+(.*)$/gm)].flatMap(([, names]) => names!.trim().split(/\s+/));
    const all = [text, ...included.map(read)];
    if (included.some((path) => /[$*]/.test(path)) || all.some((each) => /\$\(eval|^[^\s#./=]*%[^./=\n]*:/m.test(each)))
      return new Set();
    const declared = all.flatMap((each) =>
      [...each.matchAll(/^([^\s#:=.%$][^#:=%$\n]*?)\s*::?(?!=)/gm)].flatMap(([, names]) => names!.split(/\s+/)),
    );
    // Where a file has that name, make is content with it.
    return new Set(declared.filter((name) => once(declared, name) && !exists(name) && ruleOf(name).test(text)));
  },
  without: (text, name) => cut(phony(text, name, ''), ruleOf(name), (line) => line.startsWith('\t')),
  renamed: (text, name, successor) => relabelled(phony(text, name, successor), ruleOf(name), name, successor),
};

function ruleOf(name: string): RegExp {
  return new RegExp(`^${RegExp.escape(name)}\\s*:(?![:=])`, 'm');
}

/** The lists of targets that are no files, with one of them replaced. */
function phony(text: string, name: string, by: string): string {
  const word = new RegExp(`(?<=[\\s:])${RegExp.escape(name)}(?=\\s|$)`, 'g');
  return text
    .replace(/^\.PHONY\s*:(?:.*\\\n)*.*$/gm, (list) => list.replace(word, by))
    .replace(/^\.PHONY\s*:\s*\n/gm, '');
}

export const justRecipes: Manifest = {
  names: (text) => {
    if (/^(?:import|mod)\??\s/m.test(text)) return new Set();
    const heads = [...text.matchAll(/^@?([A-Za-z][\w-]*)(?:\s[^:\n]*)?:(?!=)(.*)$/gm)];
    const declared = heads.map(([, name]) => name!);
    // A recipe that another one or an alias needs cannot go without breaking the file.
    const aliases = [...text.matchAll(/^alias\s.*:=(.*)$/gm)].map(([, name]) => name!);
    const needed = [...heads.map(([, , needs]) => needs!), ...aliases].flatMap((needs) => needs.match(/[\w-]+/g) ?? []);
    return new Set(declared.filter((name) => once(declared, name) && !needed.includes(name)));
  },
  without: (text, name) => cut(text, recipeOf(name), (line) => /^\s+\S/.test(line), /^(?:#|\[)/),
  renamed: (text, name, successor) => relabelled(text, recipeOf(name), name, successor),
};

function recipeOf(name: string): RegExp {
  return new RegExp(`^@?${RegExp.escape(name)}(?:\\s[^:\\n]*)?:(?!=)`);
}

export const taskfileTasks: Manifest = {
  names: (text) => {
    const tasks = text.slice(Math.max(0, text.search(/^tasks:/m)));
    return new Set([...tasks.matchAll(/^ {2}(['"]?)([\w:.-]+)\1:\s*$/gm)].map(([, , name]) => name!));
  },
  without: (text, name) => cut(text, taskOf(name), (line) => /^ {3,}\S/.test(line)),
  renamed: (text, name, successor) => relabelled(text, taskOf(name), name, successor),
};

function taskOf(name: string): RegExp {
  return new RegExp(`^ {2}(['"]?)${RegExp.escape(name)}\\1:\\s*$`);
}

/** Tasks that `bundler/gem_tasks` and `rake/clean` bring. */
const RAKE_COMMON = /^(?:build|clean|clobber|default|install|release)$/;

export const rakeTasks: Manifest = {
  names: (text) => {
    // A task may be declared again to add to it, and one in a namespace has another name.
    const declared = [...text.matchAll(/^\s*(?:task|[\w:]+\.new)[\s(]+:?["']?([\w:]*\w)/gm)].map(([, name]) => name!);
    const lines = text.split('\n');
    const plain = (name: string): boolean => lines.some((line) => rakeTaskOf(name).test(line));
    return new Set(declared.filter((name) => !RAKE_COMMON.test(name) && once(declared, name) && plain(name)));
  },
  without: (text, name) => {
    let open = true;
    const inside = (line: string): boolean => {
      const was = open;
      if (/^end\b/.test(line)) open = false;
      return was;
    };
    return cut(text, rakeTaskOf(name), inside, /^desc\b/);
  },
  renamed: (text, name, successor) => relabelled(text, rakeTaskOf(name), name, successor),
};

/** One with a block: what follows another is not known to belong to it. */
function rakeTaskOf(name: string): RegExp {
  return new RegExp(`^(?:task|[\\w:]+\\.new)[\\s(]+:?["']?${RegExp.escape(name)}\\b.*\\bdo(?:\\s*\\|[^|]*\\|)?\\s*$`);
}

/** Tasks of mix itself, and those that common packages bring. */
const MIX_TASKS =
  /[.]|^(?:app|archive|clean|cmd|compile|coveralls|credo|deps|dialyzer|do|docs|doctor|escript|eval|format|help|hex|loadconfig|local|new|profile|release|run|test|xref)$/;

export const mixAliases: Manifest = {
  names: (text) => {
    const aliases = /^ {2}defp? aliases(?:\(\))? do$([\s\S]*?)^ {2}end$/m.exec(text)?.[1] ?? '';
    return new Set(
      [...aliases.matchAll(/^ {6}(["']?)([\w.]+)\1:\s/gm)]
        .map(([, , name]) => name!)
        .filter((name) => !MIX_TASKS.test(name)),
    );
  },
  without: (text, name) => cut(text, aliasOf(name), (line) => /^(?: {8,}\S| {6}\])/.test(line)),
  renamed: (text, name, successor) => relabelled(text, aliasOf(name), name, successor),
};

function aliasOf(name: string): RegExp {
  return new RegExp(`^ {6}${RegExp.escape(name)}:\\s`);
}

export const toxEnvironments: Manifest = {
  names: (text) => {
    const declared = [...text.matchAll(/^\[testenv:([\w.-]+)\]/gm)].map(([, name]) => name!);
    const listed = /^env_?list\s*=((?:.*\n)(?:\s+.*\n)*)/m.exec(text)?.[1] ?? '';
    return new Set(declared.filter((name) => !listed.includes(name)));
  },
  without: (text, name) => cut(text, environmentOf(name), (line) => !line.startsWith('[')),
  renamed: (text, name, successor) => relabelled(text, environmentOf(name), name, successor),
};

function environmentOf(name: string): RegExp {
  return new RegExp(`^\\[testenv:${RegExp.escape(name)}\\]`);
}

function once(names: readonly string[], name: string): boolean {
  return names.indexOf(name) === names.lastIndexOf(name);
}

/** Without the line that matches and those that belong to it, empty ones between them included, and some right above. */
function cut(text: string, head: RegExp, belongs: (line: string) => boolean, above?: RegExp): string | undefined {
  const lines = text.split('\n');
  let first = lines.findIndex((line) => head.test(line));
  if (first === -1) return undefined;
  let end = first + 1;
  for (let at = end; at < lines.length; at++) {
    if (belongs(lines[at]!)) end = at + 1;
    else if (lines[at]!.trim() !== '') break;
  }
  while (above && first > 0 && above.test(lines[first - 1]!)) first--;
  return [...lines.slice(0, first), ...lines.slice(end)].join('\n');
}

function relabelled(text: string, head: RegExp, name: string, successor: string): string | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => head.test(line));
  if (at === -1) return undefined;
  lines[at] = lines[at]!.replace(name, successor);
  return lines.join('\n');
}
