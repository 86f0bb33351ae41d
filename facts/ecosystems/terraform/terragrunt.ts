import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import { command, plain } from '../native/leads.ts';

export const TERRAGRUNT_FILES = [
  ...['root.hcl', '/terragrunt.hcl', '*/terragrunt.hcl', '*/*/terragrunt.hcl', '*/*/*/terragrunt.hcl'],
  ...['/.terragrunt-version'],
];

/**
 * Terragrunt. Its commands were renamed in 0.73 (`hclfmt` to `hcl fmt`), at about the time when the root's file came to
 * be called `root.hcl`. https://docs.terragrunt.com/migrate/cli-redesign/
 */
export function* terragrunt(repo: RepoView): Iterable<Signal> {
  const files = repo.files.filter(({ name }) => name === 'root.hcl' || name === 'terragrunt.hcl');
  const shown = files.flatMap((file) => {
    const line = file.find(/\bterragrunt\b/i);
    return line === undefined ? [] : [file.at(line)];
  })[0];
  const first = files[0];
  if (!first) return;
  yield plain('build-system', 'terragrunt', '', shown ?? first.at(1));
  const pin = repo.file('.terragrunt-version');
  if (pin) yield plain('runtime.terragrunt', pin.lines.line(1).trim(), '', pin.at(1));
  if (!shown) return;
  const renamed = files.some(({ name }) => name === 'root.hcl');
  yield command('format', renamed ? 'terragrunt hcl fmt' : 'terragrunt hclfmt', '', shown, { weight: -1 });
  const all = renamed ? 'terragrunt run --all' : 'terragrunt run-all';
  yield command('lint', `${all} validate`, '', shown, { weight: -2 });
  yield command('install', `${all} init`, '', shown, { weight: -2 });
}
