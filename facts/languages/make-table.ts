import { writeFileSync } from 'node:fs';
import * as linguist from 'linguist-languages';

/**
 * Writes `table.json`: file extension or name -> language, from Linguist's own data (the package `linguist-languages`,
 * MIT). The package has a module per language and takes a quarter of a second to load, which every run would pay.
 * Run with `node facts/languages/make-table.ts`; a test compares the result with the file.
 */
export function makeTable(): { extensions: Record<string, string>; names: Record<string, string> } {
  const extensions = new Map<string, string>();
  const names = new Map<string, string>();
  const languages = (Object.values(linguist) as Language[])
    .filter((language) => language?.type === 'programming' && !BUILD_FILES.has(language.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const language of languages) {
    for (const extension of language.extensions ?? []) {
      const taken = extensions.get(extension);
      if (taken === undefined || prefer(extension, taken, language.name) === language.name)
        extensions.set(extension, language.name);
    }
    for (const name of language.filenames ?? []) if (!names.has(name)) names.set(name, language.name);
  }
  for (const [extension, name] of Object.entries(CLASHES)) extensions.set(extension, name);
  for (const extension of NOISE) extensions.delete(extension);
  return { extensions: sorted(extensions), names: sorted(names) };
}

interface Language {
  readonly name: string;
  readonly type: string;
  readonly extensions?: readonly string[];
  readonly filenames?: readonly string[];
}

/** Languages that only build: never what a repository is written in. */
const BUILD_FILES = new Set([
  'Makefile',
  'CMake',
  'Batchfile',
  'Dockerfile',
  'Gradle',
  'Meson',
  'M4',
  'M4Sugar',
  'Just',
  'Ninja',
  'AGS Script',
  'Imake',
  'QMake',
  'Earthly',
]);

/** Extensions that several languages claim: the one that nearly every file with it is written in. */
const CLASHES: Readonly<Record<string, string>> = {
  '.rs': 'Rust',
  '.ts': 'TypeScript',
  '.tsx': 'TypeScript',
  '.cts': 'TypeScript',
  '.mts': 'TypeScript',
  '.js': 'JavaScript',
  '.jsx': 'JavaScript',
  '.cs': 'C#',
  '.fs': 'F#',
  '.h': 'C',
  '.hpp': 'C++',
  '.c': 'C',
  '.cc': 'C++',
  '.cpp': 'C++',
  '.m': 'Objective-C',
  '.mm': 'Objective-C++',
  '.pl': 'Perl',
  '.pm': 'Perl',
  '.t': 'Perl',
  '.php': 'PHP',
  '.r': 'R',
  '.v': 'Verilog',
  '.d': 'D',
  '.ml': 'OCaml',
  '.lisp': 'Common Lisp',
  '.sql': 'PLpgSQL',
  '.sh': 'Shell',
  '.bash': 'Shell',
  '.kt': 'Kotlin',
  '.kts': 'Kotlin',
  '.scala': 'Scala',
  '.sc': 'Scala',
  '.go': 'Go',
  '.py': 'Python',
  '.pyx': 'Cython',
  '.rb': 'Ruby',
  '.ex': 'Elixir',
  '.exs': 'Elixir',
  '.erl': 'Erlang',
  '.hs': 'Haskell',
  '.lua': 'Lua',
  '.dart': 'Dart',
  '.swift': 'Swift',
  '.groovy': 'Groovy',
  '.bzl': 'Starlark',
  '.tf': 'HCL',
  '.asm': 'Assembly',
  '.s': 'Assembly',
  '.S': 'Assembly',
  '.vue': 'Vue',
  '.svelte': 'Svelte',
  '.cl': 'OpenCL',
  '.pp': 'Puppet',
  '.pro': 'Prolog',
  '.f': 'Fortran',
  '.for': 'Fortran',
  '.inc': 'C++',
  '.mod': 'Modula-2',
  '.as': 'ActionScript',
  '.gs': 'JavaScript',
  '.ps1': 'PowerShell',
  '.jl': 'Julia',
  '.nim': 'Nim',
  '.zig': 'Zig',
  '.clj': 'Clojure',
  '.java': 'Java',
  '.proto': 'Protocol Buffer',
};
/** Extensions that are far more often data, text or build output. */
const NOISE = [
  '.mod',
  '.inc',
  '.proto',
  '.sql',
  '.cmake',
  '.mk',
  '.mak',
  '.1',
  '.2',
  '.3',
  '.4',
  '.5',
  '.6',
  '.7',
  '.8',
  '.9',
  '.n',
  '.cfg',
  '.cls',
  '.sed',
  '.awk',
  '.ipynb',
  '.x',
  '.y',
  '.l',
  '.pd',
  '.frag',
  '.toc',
  '.plist',
  '.bat',
  '.cmd',
  '.xml',
  '.txt',
  '.json',
  '.md',
  '.stl',
  '.spec',
  '.fcgi',
  '.cgi',
  '.in',
  '.out',
  '.st',
  '.e',
  '.g',
  '.b',
  '.w',
  '.gitignore',
  '.iss',
  '.nsi',
  '.nsh',
  '.tpl',
];

function prefer(_extension: string, taken: string, name: string): string {
  // Without an entry in CLASHES the shorter name is the base language, the longer one a dialect.
  return name.length < taken.length ? name : taken;
}

function sorted(map: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (import.meta.main)
  writeFileSync(new URL('table.json', import.meta.url), `${JSON.stringify(makeTable(), null, 0)}\n`);
