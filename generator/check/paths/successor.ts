import { type PathIndex, parentDir } from '../../../facts/path-index.ts';

/** What to name where `was` stood: its twin with another ending, else where its content went. */
export function successor(was: string, movedTo: string | undefined, paths: PathIndex): string | undefined {
  return twin(was, paths) ?? movedTo;
}

/** Endings of which one follows another while the file stays what it is. */
const FAMILIES = [
  ['md', 'mdx', 'markdown', 'rst', 'adoc'],
  ['js', 'ts', 'mjs', 'mts', 'cjs', 'cts', 'jsx', 'tsx'],
  ['yml', 'yaml', 'json', 'jsonc', 'json5', 'toml'],
  ['gradle', 'kts'],
];

/** `guide.mdx` for `guide.md`, `check.ts` for `check.js`: the only such file there that differs in its ending alone. */
function twin(was: string, paths: PathIndex): string | undefined {
  const stem = was.replace(/\.\w+$/, '');
  const family = FAMILIES.find((endings) => endings.includes(was.slice(stem.length + 1)));
  if (family === undefined || /(?:^|\/)\.?$/.test(stem)) return undefined;
  const dir = parentDir(stem);
  const found: string[] = [];
  for (const { path } of paths.under(dir))
    if (path.startsWith(`${stem}.`) && family.includes(path.slice(stem.length + 1))) found.push(path);
  return found.length === 1 ? found[0] : undefined;
}
