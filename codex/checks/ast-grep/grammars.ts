import { createRequire } from 'node:module';
import type { SgRoot } from '@ast-grep/napi';
import { UnavailableError } from '../kind.ts';

/** Parses code of a language of ours; the tree is ast-grep's. */
export type Parse = (text: string) => SgRoot;

/** The grammars that ast-grep brings, by our names. */
const BUILT_IN: Readonly<Record<string, string>> = {
  typescript: 'TypeScript',
  tsx: 'Tsx',
  javascript: 'JavaScript',
  html: 'Html',
  css: 'Css',
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

let loaded: Promise<(language: string) => Parse> | undefined;

/**
 * How to parse a language. Grammars are native libraries and ast-grep takes new ones only once in a process, so all that
 * are installed are registered at the first question; that costs about a millisecond.
 *
 * @throws {UnavailableError} where ast-grep or the grammar is not installed on this machine.
 */
export async function parserOf(language: string): Promise<Parse> {
  loaded ??= load();
  return (await loaded)(language);
}

async function load(): Promise<(language: string) => Parse> {
  const require = createRequire(import.meta.url);
  let napi: typeof import('@ast-grep/napi');
  try {
    napi = require('@ast-grep/napi');
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    return () => {
      throw new UnavailableError(`ast-grep cannot be loaded on this machine: ${reason}`);
    };
  }
  const grammars: Parameters<typeof napi.registerDynamicLanguage>[0] = {};
  for (const name of new Set(Object.values(PACKAGES))) {
    try {
      const grammar = require(`@ast-grep/lang-${name}`);
      // Throws where the package has no library for this machine.
      void grammar.libraryPath;
      grammars[name] = grammar;
    } catch {
      // Not installed: asked for, it is named below.
    }
  }
  if (Object.keys(grammars).length > 0) napi.registerDynamicLanguage(grammars);
  return (language) => {
    const builtIn = Object.hasOwn(BUILT_IN, language) ? BUILT_IN[language] : undefined;
    if (builtIn !== undefined) return (text) => napi.parse(builtIn, text);
    const name = Object.hasOwn(PACKAGES, language) ? PACKAGES[language]! : undefined;
    if (name === undefined)
      throw new UnavailableError(`no grammar for ${language}; known: ${AST_GREP_LANGUAGES.join(', ')}`);
    if (!Object.hasOwn(grammars, name))
      throw new UnavailableError(`the grammar for ${language} is not installed: npm install @ast-grep/lang-${name}`);
    return (text) => napi.parse(name, text);
  };
}
