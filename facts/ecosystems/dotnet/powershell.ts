import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { taskOf } from './targets.ts';

const NAMES = /^(?:build|test|tests|run-?tests|restore|format|lint|check|ci|setup|bootstrap|init)$/i;
const MAX_LINES = 400;

/** PowerShell scripts at the root that call `dotnet` themselves; those that start Cake or NUKE are its own. */
export function* powershell(repo: RepoView, direct: boolean): Iterable<Signal> {
  for (const file of repo.files) {
    const name = file.name.replace(/\.ps1$/i, '');
    if (name === file.name || file.dir !== '' || !NAMES.test(name)) continue;
    const lines = calls(file);
    const [first] = lines;
    if (!first) continue;
    yield* taskOf(
      {
        runner: 'powershell',
        name,
        run: `./${file.name}`,
        at: file.at(lines.find(({ text }) => text.includes(name.toLowerCase()))?.number ?? first.number),
        body: lines.map(({ text }) => text),
        needs: [],
      },
      direct,
    );
  }
}

/** Lines that start `dotnet`, `& dotnet` or the like, with variables as a shell has them. */
function calls(file: SourceFile): readonly { readonly text: string; readonly number: number }[] {
  const found: { text: string; number: number }[] = [];
  for (const [index, line] of file.lines.all().slice(0, MAX_LINES).entries()) {
    const text = /^\s*(?:exec \{ *)?(?:& *)?["']?(dotnet(?:\.exe)?["']? +[a-z].*)$/.exec(line.slice(0, 2000))?.[1];
    if (text === undefined || /\b(?:cake|nuke)\b/.test(text)) continue;
    found.push({
      text: text
        .replace(/["']/g, '')
        .replace(/\s*\}\s*$/, '')
        .replace(/[`|].*$/, '')
        .trim(),
      number: index + 1,
    });
  }
  return found;
}
