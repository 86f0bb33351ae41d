import type { PathIndex } from '../../../facts/path-index.ts';

/** What to name where `was` stood: its twin with another ending, else where its content went. */
export function successor(was: string, movedTo: string | undefined, paths: PathIndex): string | undefined {
  return twin(was, paths) ?? movedTo;
}

/** `guide.mdx` for `guide.md`, `check.ts` for `check.js`: the only file there that differs in its ending alone. */
function twin(was: string, paths: PathIndex): string | undefined {
  const stem = was.replace(/\.\w+$/, '');
  if (stem === was || /(?:^|\/)\.?$/.test(stem)) return undefined;
  const dir = stem.slice(0, Math.max(0, stem.lastIndexOf('/')));
  const found: string[] = [];
  for (const { path } of paths.under(dir))
    if (
      path.startsWith(`${stem}.`) &&
      !path.slice(stem.length + 1).includes('.') &&
      !path.slice(stem.length).includes('/')
    )
      found.push(path);
  return found.length === 1 ? found[0] : undefined;
}
