import { ecosystem } from '../ecosystem.ts';
import { lastName } from '../path-index.ts';
import type { SourceFile } from '../source-file.ts';
import { declared } from './declared.ts';

const PACKAGE =
  /\.package\(\s*(?:name:\s*"[^"]*"\s*,\s*)?url:\s*"([^"]{1,200})"\s*,\s*([^()]{0,200}(?:\([^()]{0,200}\))?)/g;

/** Package.swift, whose `.package(url: ..., from: "2.0.0")` are literal, with what Package.resolved pins. */
export const swiftDependencies = ecosystem({
  id: 'swift-dependencies',
  title: 'Dependencies of Package.swift',
  files: ['Package.swift', 'Package.resolved'],
  depth: 2,
  *detect(repo) {
    for (const file of repo.files) {
      if (file.name !== 'Package.swift') continue;
      const lock = repo.file(file.path.replace(/swift$/, 'resolved'));
      const pins = lock ? pinsOf(lock) : undefined;
      for (const match of file.text.matchAll(PACKAGE)) {
        const [, url = '', asked = ''] = match;
        const name = lastName(url).replace(/\.git$/, '');
        const locked = pins?.get(name.toLowerCase());
        yield declared('swift', file, file.lines.lineAt(match.index), { name, range: rangeOf(asked), locked });
      }
    }
  },
});

function rangeOf(asked: string): string | undefined {
  const [first, second] = [...asked.matchAll(/"(\d[\w.-]*)"/g)].map(([, version]) => version!);
  if (first === undefined) return undefined;
  if (second !== undefined) return `>=${first} ${asked.includes('..<') ? '<' : '<='}${second}`;
  if (/upToNextMinor/.test(asked)) return `~${first}`;
  return /\b(?:from|upToNextMajor)\b/.test(asked) ? `^${first}` : first;
}

function pinsOf(file: SourceFile): ReadonlyMap<string, string> {
  const tree = file.json();
  const pins = tree?.get('pins')?.items() ?? tree?.get('object', 'pins')?.items() ?? [];
  return new Map(
    pins.flatMap((pin) => {
      const name = pin.get('identity')?.text ?? pin.get('package')?.text;
      const version = pin.get('state', 'version')?.text;
      return name && version ? [[name.toLowerCase(), version]] : [];
    }),
  );
}
