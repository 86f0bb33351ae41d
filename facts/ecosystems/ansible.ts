import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Purpose } from '../fact.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { command, plain } from './native/leads.ts';
import { at, isSideFolder } from './native/side-folders.ts';

/** Roles with scenarios of their own; more would say the same. */
const MAX_ROLES = 6;

/** Ansible playbooks, roles and collections. To run a playbook is to deploy, and no answer to anything. */
export const ansible = ecosystem({
  id: 'ansible',
  title: 'Ansible',
  files: [
    ...['.ansible-lint', '.ansible-lint.yml', '.ansible-lint.yaml', '/requirements.yml', '/requirements.yaml'],
    ...['/collections/requirements.yml', '/roles/requirements.yml', '/galaxy.yml', 'molecule.yml'],
    '/antsibull-nox.toml',
    '/noxfile.py',
  ],
  depth: 4,
  *detect(repo) {
    for (const file of repo.files) {
      if (file.name.startsWith('.ansible-lint')) yield* lint(file);
      else if (file.name.startsWith('requirements.')) yield* requirements(file);
      else if (file.name === 'galaxy.yml') yield* collection(repo, file);
    }
    yield* sessions(repo);
    yield* scenarios(repo);
  },
});

/** https://ansible.readthedocs.io/projects/lint/configuring/ */
function* lint(file: SourceFile): Iterable<Signal> {
  if (file.dir !== '') return;
  const line = file.find(/\S/);
  if (line === undefined) return;
  yield plain('linter', 'ansible-lint', '', file.at(line));
  const shown = file.find('ansible-lint') ?? line;
  yield command('lint', 'ansible-lint', '', file.at(shown));
}

/** https://docs.ansible.com/ansible/latest/galaxy/user_guide.html#installing-multiple-roles-from-a-file */
function* requirements(file: SourceFile): Iterable<Signal> {
  const tree = file.yaml();
  const listed = tree?.get('collections') ?? tree?.get('roles') ?? (tree?.get(0, 'src') ? tree : undefined);
  if (!listed) return;
  const run = tree?.get('roles') || tree?.kind === 'list' ? 'install' : 'collection install';
  yield command('install', `ansible-galaxy ${run} -r ${file.path}`, '', file.at(listed.keyLine), { weight: -0.5 });
}

function* collection(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const tree = file.yaml();
  const name = tree?.get('namespace');
  if (!name || !tree?.get('name')) return;
  const line = file.at(name.keyLine);
  yield command('build', 'ansible-galaxy collection build', '', line);
  if (repo.paths.hasDir('tests/sanity')) yield command('lint', 'ansible-test sanity', '', line, { weight: -1 });
  if (!repo.paths.hasDir('tests/unit')) return;
  yield plain('test-framework', 'ansible-test', '', line, { source: 'convention' });
  // Tests of a collection import `ansible_collections.*`, which only ansible-test makes: bare pytest finds nothing.
  yield command('test', 'ansible-test units', '', line, { weight: BEFORE_PYTEST });
  yield command('test-single', 'ansible-test units <file>', '', line, { weight: BEFORE_PYTEST });
}

const BEFORE_PYTEST = 2;

/**
 * Sessions that a noxfile takes from antsibull-nox.toml.
 * https://docs.ansible.com/projects/antsibull-nox/config-file/
 */
function* sessions(repo: RepoView): Iterable<Signal> {
  const config = repo.file('antsibull-nox.toml');
  const told = config?.toml()?.get('sessions');
  if (!config || !told || !repo.file('noxfile.py')?.text.includes('antsibull_nox')) return;
  for (const { purpose, section, session, switches } of SESSIONS) {
    const found = told.get(section);
    const on = switches?.map((name) => found?.get(name)).find((each) => each?.text === 'true');
    if (!found || (switches && !on)) continue;
    const line = config.at(on?.keyLine ?? found.keyLine);
    yield command(purpose, `nox -s ${session}`, '', line, { weight: BEFORE_PYTEST + 1 });
  }
}

const SESSIONS: readonly {
  readonly purpose: Purpose;
  readonly section: string;
  readonly session: string;
  /** One of these has to be on. */
  readonly switches?: readonly string[];
}[] = [
  { purpose: 'test', section: 'ansible_test_units', session: 'ansible-test-units' },
  { purpose: 'lint', section: 'lint', session: 'lint' },
  {
    purpose: 'format',
    section: 'lint',
    session: 'formatters',
    switches: ['run_black', 'run_isort', 'run_ruff_format', 'run_ruff_autofix'],
  },
  { purpose: 'typecheck', section: 'lint', session: 'typing', switches: ['run_mypy'] },
];

/** `molecule/default/molecule.yml` is tested from the folder above `molecule`. https://ansible.readthedocs.io/projects/molecule/ */
function* scenarios(repo: RepoView): Iterable<Signal> {
  const dirs = new Map<string, SourceFile>();
  for (const file of repo.files) {
    const dir = /^(?:(.*)\/)?molecule\/[^/]+\/molecule\.yml$/.exec(file.path);
    if (dir && !isSideFolder(dir[1] ?? '') && !dirs.has(dir[1] ?? '')) dirs.set(dir[1] ?? '', file);
  }
  for (const [dir, file] of [...dirs].slice(0, MAX_ROLES)) {
    const line = file.at(file.yaml()?.entries()[0]?.[1].keyLine ?? 1);
    yield plain('test-framework', 'molecule', dir, line);
    // Without a scenario named `default` molecule asks for a name.
    const named = repo.paths.isFile(at(dir, 'molecule/default/molecule.yml')) ? '' : ' --all';
    yield command('test', `molecule test${named}`, dir, line);
    yield command('test-single', 'molecule test -s <name>', dir, line);
  }
}
