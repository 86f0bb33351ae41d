import type { Evidence } from '../../fact.ts';
import { joinPath, type PathIndex } from '../../path-index.ts';
import type { SbtScript } from './script.ts';

export interface Subproject {
  /** As in `sbt "<name>/test"`. */
  readonly name: string;
  readonly dir: string;
  readonly at: Evidence;
}

const MAX_SUBPROJECTS = 100;
/** `.in(file("x"))` may stand some lines below the `val`. */
const MAX_LINES = 6;

/** `lazy val core = project.in(file("modules/core"))`; without a folder it is the one that has the name. */
export function subprojects({ file, lines }: SbtScript, paths: PathIndex): readonly Subproject[] {
  const found: Subproject[] = [];
  for (const [index, { code }] of lines.entries()) {
    const name = /\bval[ \t]+`?([\w-]+)`?[ \t]*(?::[^=]*)?=/.exec(code)?.[1];
    if (name === undefined) continue;
    let text = code.slice(code.indexOf('=') + 1);
    for (const next of lines.slice(index + 1, index + MAX_LINES)) {
      if (/^[ \t]*(lazy[ \t]+)?val\b/.test(next.code) || /\.settings\b/.test(text)) break;
      text += `\n${next.code}`;
    }
    if (!/^\s*\(?\s*(?:project\b|crossProject\b|projectMatrix\b|Project\()/.test(text)) continue;
    const folder = /\bfile\([ \t]*"([^"$]+)"/.exec(text)?.[1];
    const dir = joinPath(file.dir, folder ?? name);
    if (dir === undefined || dir === file.dir || !paths.hasDir(dir)) continue;
    found.push({ name, dir, at: file.at(index + 1) });
    if (found.length >= MAX_SUBPROJECTS) break;
  }
  return found;
}
