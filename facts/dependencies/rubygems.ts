import { ecosystem } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { declared, nearestAbove } from './declared.ts';
import { ownVersionAt } from './own-version.ts';

type Pins = ReadonlyMap<string, string>;

/** Gemfile and gemspecs, with what Gemfile.lock pins; a gem's version from its `version.rb`. */
export const rubygemsDependencies = ecosystem({
  id: 'rubygems-dependencies',
  title: 'Dependencies of Ruby projects',
  files: ['Gemfile', '*.gemspec', 'Gemfile.lock', 'lib/*/version.rb', '*/lib/*/version.rb'],
  depth: 2,
  *detect(repo) {
    const locks = new Map<string, Pins>();
    for (const file of repo.files) if (file.name === 'Gemfile.lock') locks.set(file.dir, pinsOf(file));
    for (const file of repo.files) {
      const pins = nearestAbove(file.dir, (dir) => locks.get(dir));
      if (file.name === 'Gemfile') yield* ofGemfile(file, pins);
      else if (file.name.endsWith('.gemspec')) yield* ofGemspec(file, pins);
      else if (file.name === 'version.rb') yield* ofVersionFile(file);
    }
  },
});

const GEM = /^\s*gem[ (]\s*['"]([\w.-]+)['"]((?:\s*,\s*['"][^'"]{1,60}['"])*)(.{0,400})/;

function* ofGemfile(file: SourceFile, pins: Pins | undefined): Iterable<Signal> {
  let group: { readonly indent: number; readonly dev: boolean } | undefined;
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line);
    const indent = text.search(/\S/);
    const opens = /^\s*group\s+(.{1,200})\bdo\s*$/.exec(text);
    if (opens) group = { indent, dev: isDev(opens[1]!) };
    else if (group && indent <= group.indent && /^\s*end\b/.test(text)) group = undefined;
    const gem = GEM.exec(text);
    if (!gem) continue;
    const [, name = '', ranges = '', rest = ''] = gem;
    const own = /\bgroups?(?::|\s*=>)\s*(.{1,100})/.exec(rest)?.[1];
    const dev = group?.dev ?? (own !== undefined && isDev(own));
    yield declared('rubygems', file, line, { name, range: joined(ranges), locked: pins?.get(name), dev });
  }
}

const ADDED = /\.add_(development_|runtime_)?dependency[ (]\s*['"]([\w.-]+)['"]((?:\s*,\s*\[?\s*['"][^'"]{1,60}['"])*)/;

function* ofGemspec(file: SourceFile, pins: Pins | undefined): Iterable<Signal> {
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line);
    const version = /^\s*\w+\.version\s*=\s*['"]([^'"]+)['"]/.exec(text)?.[1];
    if (version !== undefined) yield* ownVersionAt(file, line, version, file.name.replace(/\.gemspec$/, ''));
    const added = ADDED.exec(text);
    if (!added) continue;
    const [, kind, name = '', ranges = ''] = added;
    const dev = kind === 'development_';
    yield declared('rubygems', file, line, { name, range: joined(ranges), locked: pins?.get(name), dev });
  }
}

function* ofVersionFile(file: SourceFile): Iterable<Signal> {
  const line = file.find(/^\s*VERSION\s*=\s*['"]/);
  const version = line === undefined ? undefined : /['"]([^'"]+)['"]/.exec(file.lines.line(line))?.[1];
  if (line === undefined || version === undefined) return;
  // `lib/name/version.rb` speaks for the folder above `lib`.
  const dir = /^(.*?)\/?lib\//.exec(file.path)?.[1] ?? '';
  for (const own of ownVersionAt(file, line, version)) yield { ...own, dir };
}

/** `    rails (7.1.2)`: four spaces, a gem that is installed; six would be what it asks for. */
function pinsOf(file: SourceFile): Pins {
  const found = file.text.matchAll(/^ {4}([\w.-]+) \((\d[\w.]*)(?:-[\w-]+)?\)\r?$/gm);
  return new Map([...found].map(([, name, version]) => [name!, version!]));
}

function joined(ranges: string): string {
  return [...ranges.matchAll(/['"]([^'"]+)['"]/g)].map(([, range]) => range).join(', ');
}

function isDev(groups: string): boolean {
  return /development|test|lint|docs?\b|rubocop/.test(groups) && !/production|default/.test(groups);
}
