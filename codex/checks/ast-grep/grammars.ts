import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { SgRoot } from '@ast-grep/napi';
import { UnavailableError } from '../kind.ts';

/** Parses code of a language of ours; the tree is ast-grep's. */
export type Parse = (text: string) => SgRoot;

export interface Grammar {
  readonly language: string;
  readonly parse: Parse;
  /** The same on a thread of its own. */
  readonly parseAhead: (text: string) => Promise<SgRoot>;
  /** What stands for the `$` of a metavariable when ast-grep parses a pattern; `undefined` where that is not known. */
  readonly expando: string | undefined;
}

/** The grammars that ast-grep brings, by our names. In HTML and CSS it writes metavariables as plain words. */
const BUILT_IN: Readonly<Record<string, { readonly name: string; readonly expando?: string }>> = {
  typescript: { name: 'TypeScript', expando: '$' },
  tsx: { name: 'Tsx', expando: '$' },
  javascript: { name: 'JavaScript', expando: '$' },
  html: { name: 'Html' },
  css: { name: 'Css' },
};
/** Packages `@ast-grep/lang-*` by our names; whichever are installed can be used. */
const PACKAGES: Readonly<Record<string, string>> = {
  go: 'go',
  java: 'java',
  python: 'python',
  rust: 'rust',
  kotlin: 'kotlin',
  'c#': 'csharp',
  c: 'c',
  'c++': 'cpp',
  ruby: 'ruby',
  php: 'php',
  elixir: 'elixir',
  swift: 'swift',
  scala: 'scala',
  bash: 'bash',
  shell: 'bash',
  yaml: 'yaml',
  json: 'json',
  toml: 'toml',
  lua: 'lua',
  haskell: 'haskell',
  dart: 'dart',
  sql: 'sql',
};

/** Names of languages that ast-grep rules may use, whether or not their grammar is installed here. */
export const AST_GREP_LANGUAGES: readonly string[] = [...Object.keys(BUILT_IN), ...Object.keys(PACKAGES)];

let loaded: Promise<(language: string) => Grammar> | undefined;

/**
 * How to parse a language and its patterns. Grammars are native libraries and ast-grep takes new ones only once in a
 * process, so all that are installed are registered at the first question; that costs about a millisecond.
 *
 * @throws {UnavailableError} where ast-grep or the grammar is not installed on this machine.
 */
export async function grammarFor(language: string): Promise<Grammar> {
  loaded ??= load();
  return (await loaded)(language);
}

/** {@link grammarFor}, for code alone. @throws {UnavailableError} */
export async function parserOf(language: string): Promise<Parse> {
  return (await grammarFor(language)).parse;
}

type Napi = typeof import('@ast-grep/napi');
type Registered = Parameters<Napi['registerDynamicLanguage']>[0];

async function load(): Promise<(language: string) => Grammar> {
  const require = createRequire(import.meta.url);
  let napi: Napi;
  let grammars: Registered;
  try {
    napi = require('@ast-grep/napi');
    grammars = installed(require);
    if (Object.keys(grammars).length > 0) napi.registerDynamicLanguage(grammars);
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    return () => {
      throw new UnavailableError(`ast-grep cannot be loaded on this machine: ${reason}`);
    };
  }
  return (language) => {
    const builtIn = Object.hasOwn(BUILT_IN, language) ? BUILT_IN[language] : undefined;
    if (builtIn) return grammarOf(napi, language, builtIn.name, builtIn.expando);
    const name = Object.hasOwn(PACKAGES, language) ? PACKAGES[language]! : undefined;
    if (name === undefined)
      throw new UnavailableError(`no grammar for ${language}; known: ${AST_GREP_LANGUAGES.join(', ')}`);
    const grammar = Object.hasOwn(grammars, name) ? grammars[name]! : undefined;
    if (!grammar)
      throw new UnavailableError(`the grammar for ${language} is not installed: npm install @ast-grep/lang-${name}`);
    return grammarOf(napi, language, name, grammar.expandoChar ?? '$');
  };
}

function grammarOf(napi: Napi, language: string, name: string, expando: string | undefined): Grammar {
  return {
    language,
    parse: (text) => napi.parse(name, text),
    parseAhead: (text) => napi.parseAsync(name, text),
    expando,
  };
}

function installed(require: NodeJS.Require): Registered {
  const grammars: Registered = {};
  for (const name of new Set(Object.values(PACKAGES))) {
    try {
      const grammar = require(`@ast-grep/lang-${name}`);
      // `libraryPath` throws where the package has no library for this machine; one that cannot be opened would end the process.
      if (statSync(grammar.libraryPath).size > 0) grammars[name] = grammar;
    } catch {
      // Not installed: asked for, it is named above.
    }
  }
  return grammars;
}
