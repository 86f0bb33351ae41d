import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import type { Signal } from '../signal.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead } from './native/side-folders.ts';
import {
  type Folder,
  isAboutTerraform,
  ownTest,
  readFolder,
  settingsFiles,
  terraformDirs,
} from './terraform/folders.ts';
import { TERRAGRUNT_FILES, terragrunt } from './terraform/terragrunt.ts';

/** Folders whose own commands are said; more would say the same. */
const MAX_RUN = 6;
const MAX_READ = 60;

/**
 * Terraform and OpenTofu: a module at the root, a collection of modules, configurations for each environment, or the
 * infrastructure of an application. `plan` and `apply` reach an account and are no answer to anything.
 */
export const terraform = ecosystem({
  id: 'terraform',
  title: 'Terraform, OpenTofu, Terragrunt',
  files: [
    ...['main.tf', '/*.tf', '/*.tofu'],
    ...['.terraform-version', '.opentofu-version', '.tflint.hcl', '.terraform-docs.yml', '.terraform-docs.yaml'],
    ...['.checkov.yml', '.checkov.yaml', '.tfsec.yml', '.tfsec.yaml', 'trivy.yaml', 'trivy.yml'],
    ...TERRAGRUNT_FILES,
    ...['/test/go.mod', '/tests/go.mod', '/test/src/go.mod', '/go.mod'],
  ],
  depth: 3,
  *follow(repo) {
    const dirs = terraformDirs(repo.paths).slice(0, MAX_READ);
    for (const dir of dirs) yield* settingsFiles(repo, dir);
    for (const dir of dirs) yield* [ownTest(repo, dir)].filter((path) => path !== undefined);
  },
  *detect(repo) {
    const folders = terraformDirs(repo.paths).flatMap((dir) => readFolder(repo, dir) ?? []);
    if (!isAboutTerraform(repo)) {
      const beside = folders.filter(({ dir, isConfiguration }) => isConfiguration && (dir === '' || !isNoLead(dir)));
      for (const folder of beside.slice(0, MAX_RUN)) yield* besideAnApplication(repo, folder);
      return;
    }
    yield* terragrunt(repo);
    yield* linters(repo, folders);
    const root = folders.find(({ dir }) => dir === '');
    const shown = root?.line ?? folders[0]?.line;
    const live = repo.files.find(({ name }) => name === 'root.hcl' || name === 'terragrunt.hcl');
    if (!shown) {
      if (live) yield plain('package-manager', 'terragrunt', '', live.at(1), { weight: 3 });
      return;
    }
    yield plain('package-manager', program(repo) === 'tofu' ? 'opentofu' : 'terraform', '', shown, { weight: 3 });
    yield* versions(repo, root ? [root] : folders);
    yield* formats(repo, folders, shown);
    const run = runnable(folders);
    for (const folder of run) yield* commandsOf(repo, folder);
    if (run.every(({ isConfiguration }) => !isConfiguration) && !root) yield* collection(repo, folders);
    yield* terratest(repo);
    if (folders.length > 1)
      for (const { dir, line } of folders) if (dir !== '') yield plain('workspace', dir, dir, line);
  },
});

function program(repo: RepoView): 'terraform' | 'tofu' {
  const named = (name: string): boolean => repo.files.some((file) => file.name === name);
  return named('.opentofu-version') && !named('.terraform-version') ? 'tofu' : 'terraform';
}

/** The root alone where it is a module, else the configurations; and every module that has tests. */
function runnable(folders: readonly Folder[]): readonly Folder[] {
  const tested = folders.filter(({ test }) => test !== undefined);
  const root = folders.filter(({ dir }) => dir === '');
  const configurations = folders.filter(({ isConfiguration }) => isConfiguration);
  const chosen = root.length > 0 ? root : configurations;
  return [...new Set([...chosen.slice(0, MAX_RUN), ...tested.slice(0, MAX_RUN)])];
}

/** The version that a version manager reads comes first; `required_version` says which ones will do. */
function* versions(repo: RepoView, folders: readonly Folder[]): Iterable<Signal> {
  for (const [name, tool] of [
    ['.terraform-version', 'terraform'],
    ['.opentofu-version', 'opentofu'],
  ] as const) {
    const file = repo.file(name);
    if (file) yield plain(`runtime.${tool}`, file.lines.line(1).trim(), '', file.at(1), { weight: 2 });
  }
  const tool = program(repo) === 'tofu' ? 'opentofu' : 'terraform';
  const pins = folders.flatMap(({ requiredVersion }) => requiredVersion ?? []);
  // Folders that agree speak for the whole; of those that do not, each speaks for itself.
  const same = pins.every(({ text }) => text === pins[0]!.text);
  if (same && pins[0]) yield plain(`runtime.${tool}`, pins[0].text, '', pins[0].at, { weight: 1 });
  else {
    for (const { dir, requiredVersion } of folders.slice(0, MAX_RUN))
      if (requiredVersion) yield plain(`runtime.${tool}`, requiredVersion.text, dir, requiredVersion.at);
  }
}

function* formats(repo: RepoView, folders: readonly Folder[], shown: Evidence): Iterable<Signal> {
  const run = program(repo);
  const alone = folders.length === 1 && folders[0]!.dir === '';
  yield plain('formatter', run, '', shown, { source: 'convention', weight: -1 });
  yield command('format', `${run} fmt -recursive`, '', shown, { weight: 1 });
  if (alone) yield command('format', `${run} fmt`, '', shown, { weight: 0.5 });
}

function* linters(repo: RepoView, folders: readonly Folder[]): Iterable<Signal> {
  for (const { name, config, run, weight } of LINTERS) {
    const file = repo.files.find((each) => config.includes(each.path));
    const line = file?.find(/\S/);
    if (!file || line === undefined) continue;
    yield plain('linter', name, '', file.at(line));
    const everywhere = name === 'tflint' && folders.some(({ dir }) => dir !== '');
    const shows = file.find(name) ?? line;
    yield command('lint', everywhere ? `${run} --recursive` : run, '', file.at(shows), { weight });
  }
  const docs = repo.files.find(({ path }) => path === '.terraform-docs.yml' || path === '.terraform-docs.yaml');
  const line = docs?.find(/^\w/);
  if (docs && line) yield command('generate', 'terraform-docs .', '', docs.at(line));
}

const LINTERS = [
  { name: 'tflint', config: ['.tflint.hcl'], run: 'tflint', weight: 0.5 },
  { name: 'checkov', config: ['.checkov.yml', '.checkov.yaml'], run: 'checkov -d .', weight: -3 },
  { name: 'tfsec', config: ['.tfsec.yml', '.tfsec.yaml'], run: 'tfsec .', weight: -3 },
  { name: 'trivy', config: ['trivy.yaml', 'trivy.yml'], run: 'trivy config .', weight: -3 },
];

function* commandsOf(repo: RepoView, { dir, line, test }: Folder): Iterable<Signal> {
  const run = program(repo);
  yield command('install', `${run} init`, dir, line);
  yield command('lint', `${run} validate`, dir, line, { weight: -1 });
  yield command('typecheck', `${run} validate`, dir, line);
  if (test === undefined || !repo.file(test)) return;
  const shown = [line, { path: test, line: 1 }];
  yield plain('test-framework', `${run} test`, dir, { path: test, line: 1 });
  yield command('test', `${run} test`, dir, shown);
  yield command('test-single', `${run} test -filter=<file>`, dir, shown);
}

/** Modules side by side: each is looked at by itself. */
function* collection(repo: RepoView, folders: readonly Folder[]): Iterable<Signal> {
  const parents = Map.groupBy(folders, ({ dir }) => dir.slice(0, Math.max(0, dir.lastIndexOf('/'))));
  const [parent, inside] = [...parents].reduce((a, b) => (b[1].length > a[1].length ? b : a));
  if (inside.length < 2) return;
  const run = `${program(repo)} -chdir=${at(parent, '<name>')}`;
  const { line } = inside[0]!;
  yield command('install', `${run} init -backend=false`, '', line, { weight: -1 });
  yield command('lint', `${run} validate`, '', line, { weight: -1 });
  yield command('typecheck', `${run} validate`, '', line, { weight: -1 });
}

/** Go programs that apply the examples and look at what came out. https://terratest.gruntwork.io */
function* terratest(repo: RepoView): Iterable<Signal> {
  for (const file of repo.files) {
    const line = file.name === 'go.mod' ? file.find('github.com/gruntwork-io/terratest ') : undefined;
    if (line === undefined) continue;
    yield plain('test-framework', 'terratest', file.dir, file.at(line));
    const below = file.dir === '' ? ['test', 'tests'].find((dir) => repo.paths.hasDir(dir)) : undefined;
    const all = below ? `./${below}/...` : './...';
    yield command('test', `go test ${all}`, file.dir, file.at(line), { weight: -0.5 });
    yield command('test-single', `go test ${all} -run <name>`, file.dir, file.at(line), { weight: -0.5 });
  }
}

/** The infrastructure of an application: said for its own folder only. */
function* besideAnApplication(repo: RepoView, folder: Folder): Iterable<Signal> {
  const { dir, line, requiredVersion } = folder;
  const run = program(repo);
  const weight = dir === '' ? -4 : 0;
  if (dir !== '') {
    yield plain('package-manager', run === 'tofu' ? 'opentofu' : 'terraform', dir, line);
    yield command('format', `${run} fmt -recursive`, dir, line);
    yield command('install', `${run} init`, dir, line);
  }
  yield command('lint', `${run} validate`, dir, line, { weight: weight - 1 });
  const pin = repo.file(at(dir, '.terraform-version'));
  if (pin) yield plain('runtime.terraform', pin.lines.line(1).trim(), dir, pin.at(1), { weight: 1 });
  if (requiredVersion) {
    const tool = run === 'tofu' ? 'opentofu' : 'terraform';
    yield plain(`runtime.${tool}`, requiredVersion.text, dir, requiredVersion.at);
  }
}
