import type { Fact } from '../../facts/index.ts';
import type { Composed, Item, Omitted } from '../item.ts';
import { code, list, oneLine } from '../markdown.ts';

/** The languages a runtime is for, by Linguist's names. */
const LANGUAGES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries<readonly string[]>({
    node: ['JavaScript', 'TypeScript', 'Vue', 'Svelte'],
    deno: ['JavaScript', 'TypeScript'],
    bun: ['JavaScript', 'TypeScript'],
    python: ['Python', 'Cython', 'Starlark'],
    java: ['Java', 'Kotlin', 'Scala', 'Groovy'],
    dotnet: ['C#', 'F#'],
  }),
);
/** Names of runtimes as people write them. */
const RUNTIMES: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    node: 'Node.js',
    python: 'Python',
    go: 'Go',
    rust: 'Rust',
    java: 'Java',
    kotlin: 'Kotlin',
    scala: 'Scala',
    deno: 'Deno',
    bun: 'Bun',
    ruby: 'Ruby',
    php: 'PHP',
    dotnet: '.NET',
    elixir: 'Elixir',
    erlang: 'Erlang',
    gleam: 'Gleam',
    swift: 'Swift',
    dart: 'Dart',
    zig: 'Zig',
  }),
);
const TYPED_MANAGERS = new Set(['npm', 'pnpm', 'yarn', 'bun', 'uv', 'poetry', 'pdm', 'hatch']);
const MOST_VARIABLES = 8;

/**
 * `11.6.0` as `11`, `0.9.5` as `0.9`: a manager that the repository pins fetches the exact one itself, and a line that follows each of
 * its patches is one more merge request for each.
 */
function release(version: string): string {
  return /^(0\.\d+|[1-9]\d*)(?:\.[\w.+-]*)?$/.exec(version)?.[1] ?? version;
}

/** The runtime that a shell must have before any command works, and the variables that must be set. */
export function setupItems(facts: readonly Fact[], file: string, dir: string): Composed {
  const here = facts.filter((fact) => fact.dir === dir);
  const items: Item[] = [];
  const omitted: Omitted[] = [];
  // The languages of the root do not speak for a package of another kind.
  const languages = new Set(dir === '' ? facts.filter(({ key }) => key === 'language').map(({ value }) => value) : []);
  const pins = firstOfEachKey(here.filter(({ key }) => key.startsWith('runtime.'))).filter(({ key }) =>
    isMain(key.slice('runtime.'.length), languages),
  );
  const managers = here.filter(({ key }) => key === 'package-manager').slice(0, 1);
  // A build tool with a wrapper in the repository brings its own version.
  const managerPin = managers
    .filter(({ value }) => TYPED_MANAGERS.has(value))
    .flatMap(({ value }) => here.find(({ key }) => key === `runtime.${value}`) ?? []);
  if (pins.length > 0) {
    const shown = pins
      .slice(0, 3)
      .map((pin) => `${nameOf(pin)} ${managerPin.includes(pin) ? release(versionOf(pin)) : versionOf(pin)}`);
    // Bun and Deno are both.
    const manager = managerPin
      .filter((pin) => !pins.includes(pin))
      .map((pin) => `${managers[0]!.value} ${release(versionOf(pin))}`);
    items.push({
      file,
      section: 'Repository',
      key: pins[0]!.key,
      text: `Runtime: ${list([...shown, ...manager])}`,
      evidence: [...pins, ...managerPin].flatMap(({ evidence }) => evidence.slice(0, 1)),
      kind: 'prose',
      worth: 50,
    });
  }
  const variables = here.filter(({ key }) => key === 'env.required');
  if (variables.length > 0) {
    const where = variables[0]!.evidence[0]!.path;
    const names = variables.slice(0, MOST_VARIABLES).map(({ value }) => code(value));
    const more = variables.length > MOST_VARIABLES ? ` and ${variables.length - MOST_VARIABLES} more` : '';
    items.push({
      file,
      section: 'Repository',
      key: 'env.required',
      text: `Environment: set ${more ? names.join(', ') + more : list(names)}; see ${code(where)}`,
      evidence: variables.map(({ evidence }) => evidence[0]!),
      kind: 'prose',
      worth: 65,
    });
  }
  return { items, omitted };
}

function nameOf({ key }: Fact): string | undefined {
  return RUNTIMES.get(key.slice('runtime.'.length));
}

/** What is pinned: `temurin-21` and `21.0.4-tem` are Java 21 from somewhere, `27-ea` is not out yet. */
function versionOf({ key, value }: Fact): string {
  const pin = oneLine(value);
  return key === 'runtime.java' ? pin.replace(/^[a-z]+-(?=\d)|(?<=\d)-(?!ea$)[a-z]+$/g, '') : pin;
}

/** A runtime that the code is written for; one that only a helper script needs changes nothing about the work. */
function isMain(runtime: string, languages: ReadonlySet<string>): boolean {
  const name = RUNTIMES.get(runtime);
  if (name === undefined) return false;
  return languages.size === 0 || (LANGUAGES.get(runtime) ?? [name]).some((language) => languages.has(language));
}

function firstOfEachKey(facts: readonly Fact[]): readonly Fact[] {
  return [...new Map(facts.toReversed().map((fact) => [fact.key, fact])).values()].reverse();
}
