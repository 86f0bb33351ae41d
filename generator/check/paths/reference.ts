import type { Span } from '../../documents/spans.ts';
import type { Piece } from '../rule.ts';

/** Something in a document that reads like a path of the repository. */
export interface PathReference {
  /** Exactly what stands for the path on its line. */
  readonly piece: Piece;
  /** Without `./` before and `/` behind; `..` may be in it. */
  readonly path: string;
  /** A slash at its end says that it is a folder. */
  readonly folder: boolean;
  /** How many names it is made of. */
  readonly depth: number;
  /** It ends like a file. */
  readonly file: boolean;
  /** It may as well be the name of a branch, or an option: only what was there once is meant for sure. */
  readonly vague: boolean;
}

/** `file.ts:12`, `file.ts#L3`, `test_x.py::test_y`, `run()`: what may stand behind a path. */
const BEHIND = /(?:::[\w:[\]().-]*|:\d+(?:[-:]\d+)*|#L?\d[\w-]*|\(\))$/;
const PATH = /^(?:\.{1,2}\/)*[\p{L}\p{M}\p{N}_@.+~-]+(?:\/[\p{L}\p{M}\p{N}_@.+~-]+)*\/?$/u;

/** Names that stand for any other. */
const STAND_IN =
  /(?:^|[/._-])(?:path\/to|foo|bar|baz|qux|xxx?|yyy?|my|your|some|name|NAME|something|whatever|YYYY|MM|DD|NNN+|XXX+|X\.Y)(?:$|[/._-])|(?:^|\/)[A-Z]{1,2}(?:$|\/)|(?:^|\/)(?:My|Your|Foo|Bar)[A-Z]/;
/** What begins like a host name is an address, and `org/image` of a registry one too. */
const HOST =
  /^(?:[\w-]+\.)+(?:com|org|net|io|dev|app|sh|ai|co|cc|me|rs|so|in|us|uk|de|eu|edu|gov|cloud|xyz|pkg|build)(?::\d+)?(?:\/|$)/;
/** Media types. */
const MEDIA = /^(?:application|text|image|audio|video|multipart|font)\/[\w.+-]+$/;
/** Branches and remote references. */
const BRANCH =
  /^(?:origin|upstream|refs|heads|feature|feat|fix|bugfix|hotfix|release|releases|chore|user|users|dependabot|renovate|perf|refactor|ci|docs|test|build|style|revert)\/[\w.-]+$/;

/**
 * Reads a piece of code as a path: one word with a slash, or a name with the ending of a file. Patterns, stand-ins,
 * addresses, scoped packages, media types and Elixir's `name/1` are none.
 */
export function pathReference(span: Pick<Span, 'text' | 'line' | 'column' | 'offset'>): PathReference | undefined {
  const quoted = /^["'](.+)["']$/.exec(span.text);
  const lead = quoted ? 1 : 0;
  let text = quoted?.[1] ?? span.text;
  if (text.length > 300 || text.length < 3) return undefined;
  const behind = BEHIND.exec(text);
  if (behind && /[./]/.test(text.slice(0, behind.index))) text = text.slice(0, behind.index);
  if (!PATH.test(text) || text.startsWith('@') || text.startsWith('~')) return undefined;
  const path = text.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  const names = path.split('/');
  const last = names.at(-1) ?? '';
  const file = isFileName(last);
  if (path === '' || path.startsWith('-') || last === '..' || last === '...' || path.includes('...')) return undefined;
  const slash = text.includes('/');
  if (!slash && !file) return undefined;
  // `.spec.ts` is what names end with, no name.
  if (/^(?:\.[a-z]\w{0,4})+$/.test(last) && isFileName(last)) return undefined;
  if (names.length === 2 && /^\d+$/.test(last)) return undefined;
  if (names.every((name) => /^[\d.]+$/.test(name))) return undefined;
  // `list.h/.cpp` is two files, `log.New` a function, `java-8/11/17` a list.
  if (names.some((name, i) => i > 0 && /^\.\w+$/.test(name) && isFileName(names[i - 1]!))) return undefined;
  if (!file && /^\w+\.[A-Z]\w*$/.test(last)) return undefined;
  if (names.filter((name) => /^\d+$/.test(name)).length > 1) return undefined;
  if (STAND_IN.test(path) || (names.length > 1 && !text.startsWith('.') && HOST.test(path)) || MEDIA.test(path))
    return undefined;
  return {
    piece: { text, line: span.line, column: span.column + lead, offset: span.offset + lead },
    path,
    folder: text.endsWith('/'),
    depth: names.filter((name) => name !== '..').length,
    file,
    vague: !file && !text.endsWith('/') && BRANCH.test(path),
  };
}

/** Endings that files of a repository have; `v1.2` and `React.memo` have none of them. */
const ENDINGS = new Set(
  (
    'md mdx mdc rst adoc txt json jsonc json5 yaml yml toml ini cfg conf properties xml html css scss sass less svg png csv sql ' +
    'js jsx mjs cjs ts tsx mts cts vue svelte astro py pyi ipynb rb rake gemspec erb rs go mod sum java kt kts scala sbt ' +
    'gradle groovy clj c h cc cpp hpp cxx hh m mm swift cs csproj fs fsproj fsi sln slnx vb php ex exs eex heex erl hrl dart ' +
    'lua pl pm r jl hs elm zig nim nix tf tfvars hcl bzl bazel cmake mk sh bash zsh fish ps1 bat cmd proto graphql gql ' +
    'lock snap tpl tmpl j2 env example template dockerfile rdoc ejs hbs pug prisma sol wasm xsd wsdl plist xcodeproj dist'
  ).split(' '),
);
const WHOLE =
  /^(?:Makefile|Dockerfile|Gemfile|Rakefile|Procfile|Justfile|justfile|Taskfile|Jenkinsfile|Brewfile|Podfile|Fastfile|CODEOWNERS|LICENSE|NOTICE|WORKSPACE|BUILD|Tiltfile|Vagrantfile|Containerfile)$/;

const DOTFILE = /^\.[a-z][\w-]*(?:rc|ignore|config|attributes|version|modules|keep)$/;

/** A name that ends like a file's, or is one of the files known by their whole name. */
function isFileName(name: string): boolean {
  if (WHOLE.test(name) || DOTFILE.test(name)) return true;
  const dot = name.lastIndexOf('.');
  return dot >= 0 && dot < name.length - 1 && ENDINGS.has(name.slice(dot + 1).toLowerCase()) && name !== '.env';
}
