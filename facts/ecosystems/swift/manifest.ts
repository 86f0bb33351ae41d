import type { SourceFile } from '../../source-file.ts';
import { closing, isSign, isWord, type Lexis, sourceTokens, type Token } from '../native/source-tokens.ts';

const SWIFT: Lexis = {
  comment: '//',
  blockComments: true,
  quotes: [
    { quote: '"""', raw: false, manyLines: true },
    { quote: '"', raw: false, manyLines: false },
  ],
};

/** What a `Package.swift` says in plain words; it is a program and is not run. https://docs.swift.org/package-manager/PackageDescription/ */
export interface SwiftPackage {
  readonly file: SourceFile;
  readonly dir: string;
  /** The line of `Package(`. */
  readonly line: number;
  readonly name: string | undefined;
  /** `// swift-tools-version: 6.0`, always the first line. */
  readonly toolsVersion: string | undefined;
  /** Names below `platforms:`: `iOS`, `macOS`. */
  readonly platforms: readonly string[];
  /** How many products are libraries. */
  readonly libraries: number;
  /** Products first, then targets, which know their folder. */
  readonly executables: readonly SwiftTarget[];
  readonly tests: readonly SwiftTarget[];
}

export interface SwiftTarget {
  readonly name: string | undefined;
  readonly path: string | undefined;
  readonly line: number;
}

/** Reads a manifest; `undefined` where nothing in it is a package. */
export function swiftPackage(file: SourceFile): SwiftPackage | undefined {
  const tokens = sourceTokens(file.text, SWIFT);
  const code = tokens.filter(({ kind }) => kind !== 'comment');
  const at = code.findIndex((token, i) => isWord(token, 'Package') && isSign(code[i + 1], '('));
  if (at < 0) return undefined;
  const tools = /^\/\/\s*swift-tools-version\s*:\s*(\d+(?:\.\d+)*)/.exec(file.lines.line(1));
  return {
    file,
    dir: file.dir,
    line: code[at]!.line,
    name: labelled(code, at + 1, 'name')?.text,
    toolsVersion: tools?.[1],
    platforms: platformsOf(code),
    libraries: calls(code, 'library').length,
    executables: [...calls(code, 'executable'), ...calls(code, 'executableTarget')].map((open) => target(code, open)),
    tests: calls(code, 'testTarget').map((open) => target(code, open)),
  };
}

function target(code: readonly Token[], open: number): SwiftTarget {
  return {
    name: labelled(code, open, 'name')?.text,
    path: labelled(code, open, 'path')?.text,
    line: labelled(code, open, 'name')?.line ?? code[open]!.line,
  };
}

/** Where the arguments of `.name(...)` open. */
function calls(code: readonly Token[], name: string): readonly number[] {
  return code.flatMap((token, i) =>
    isWord(token, name) && isSign(code[i - 1], '.') && isSign(code[i + 1], '(') ? [i + 1] : [],
  );
}

/** A declaration is longer than this only where it lists files, after its name and path. */
const MAX_ARGUMENTS = 400;

/** The text behind a label of a call: `name: "Shop"`. Labels of calls inside it do not count, interpolated texts neither. */
function labelled(code: readonly Token[], open: number, label: string): Token | undefined {
  const end = Math.min(closing(code, open, MAX_ARGUMENTS), code.length);
  let depth = 0;
  for (let i = open; i < end; i++) {
    const token = code[i]!;
    if (token.kind === 'sign' && /[([{]/.test(token.text)) depth++;
    else if (token.kind === 'sign' && /[)\]}]/.test(token.text)) depth--;
    else if (depth === 1 && isWord(token, label) && isSign(code[i + 1], ':')) {
      const value = code[i + 2];
      return value?.kind === 'text' && !/\\\(|\(/.test(value.text) ? value : undefined;
    }
  }
  return undefined;
}

function platformsOf(code: readonly Token[]): readonly string[] {
  const at = code.findIndex((token, i) => isWord(token, 'platforms') && isSign(code[i + 1], ':'));
  if (at < 0 || !isSign(code[at + 2], '[')) return [];
  return code
    .slice(at + 2, closing(code, at + 2, MAX_ARGUMENTS))
    .flatMap(({ kind, text }) => (kind === 'word' && PLATFORMS.has(text) ? [text] : []));
}

const PLATFORMS: ReadonlySet<string> = new Set([
  'iOS',
  'macOS',
  'tvOS',
  'watchOS',
  'visionOS',
  'macCatalyst',
  'driverKit',
]);
