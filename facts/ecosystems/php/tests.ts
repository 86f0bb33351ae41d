import { composerCall } from '../../commands/composer-commands.ts';
import { unwrap } from '../../commands/unwrap.ts';
import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { ConventionalCommand } from '../../signal.ts';
import { command } from '../native/leads.ts';
import { at } from '../native/side-folders.ts';
import { type Manifest, packageLine, type Script } from './manifest.ts';
import { hasWord, type Use } from './uses.ts';

/** How tests are started, and how one file or one test of them is. */
interface Runner {
  readonly run: string;
  /** Another form of it. */
  readonly also?: string;
  readonly singles: readonly string[];
  readonly evidence: Evidence;
  readonly weight: number;
}

/** All tests, and single ones: by the framework's console, by the test frameworks themselves, and through a script. */
export function* testCommands(
  repo: RepoView,
  manifest: Manifest,
  uses: ReadonlyMap<string, Use>,
): Generator<ConventionalCommand> {
  const { dir } = manifest;
  for (const { run, also, singles, evidence, weight } of runners(repo, manifest, uses)) {
    const source = shows(repo, evidence, run) ? 'config' : 'convention';
    yield command('test', run, dir, evidence, { weight, source });
    if (also !== undefined) yield command('test', also, dir, evidence, { weight: weight - 0.2, source });
    for (const [i, single] of singles.entries())
      yield command('test-single', single, dir, evidence, { weight: weight - i * 0.2, source });
  }
  yield* throughScript(manifest);
}

function* runners(repo: RepoView, manifest: Manifest, uses: ReadonlyMap<string, Use>): Generator<Runner> {
  const artisan = artisanRunner(repo, manifest);
  if (artisan) yield artisan;
  // Worth less than the line that names them adds.
  const below = artisan ? -1.6 : 0;
  const pest = uses.get('pest');
  const phpunit = uses.get('phpunit');
  if (pest) yield filtering(pest.program, pest.evidence, below);
  else if (phpunit) yield phpunitRunner(repo, manifest, phpunit, below);
  const codeception = uses.get('codeception');
  if (codeception) {
    const run = `${codeception.program} run`;
    const weight = phpunit?.configured || pest ? -1.5 : 0;
    yield { run, singles: [`${run} <file>`], evidence: codeception.evidence, weight };
  }
  const behat = uses.get('behat');
  if (behat) yield withFile(behat, '', phpunit || pest ? -3 : -0.5);
  const phpspec = uses.get('phpspec');
  if (phpspec) yield withFile(phpspec, ' run', phpunit ? -1 : 0);
  const kahlan = uses.get('kahlan');
  if (kahlan) yield { run: kahlan.program, singles: [], evidence: kahlan.evidence, weight: 0 };
  const tester = uses.get('nette tester');
  if (tester && repo.paths.hasDir(at(manifest.dir, 'tests')))
    yield {
      run: `${tester.program} tests`,
      singles: [`${tester.program} <file>`],
      evidence: tester.evidence,
      weight: -0.5,
    };
}

/** https://laravel.com/docs/testing. Boost, which writes guidelines for agents, has them ask for the short output. */
function artisanRunner(repo: RepoView, manifest: Manifest): Runner | undefined {
  const line = packageLine(manifest, ['laravel/framework']);
  if (line === undefined || !repo.paths.isFile(at(manifest.dir, 'artisan'))) return undefined;
  const plain = ['php artisan test --filter=<name>', 'php artisan test <file>'];
  const evidence = manifest.file.at(line);
  if (packageLine(manifest, ['laravel/boost']) === undefined)
    return { run: 'php artisan test', singles: plain, evidence, weight: 0 };
  const singles = ['php artisan test --compact --filter=<name>', ...plain];
  return { run: 'php artisan test --compact', also: 'php artisan test', singles, evidence, weight: 0 };
}

/** PHPUnit reads the configuration of the folder it is started in; elsewhere it has to be told. */
function phpunitRunner(repo: RepoView, manifest: Manifest, use: Use, below: number): Runner {
  const { dir, bin } = manifest;
  // Symfony's own wrapper, which brings the PHPUnit that the bridge asks for.
  const wraps = packageLine(manifest, ['symfony/phpunit-bridge']);
  const own = packageLine(manifest, ['phpunit/phpunit']) !== undefined;
  const typed = use.scripted.some((text) => text.includes('vendor/bin/phpunit'));
  if (repo.paths.isFile(at(dir, 'bin/phpunit')) && !typed && bin !== 'bin/') {
    const wrapper = filtering('php bin/phpunit', use.evidence, below);
    return own && wraps === undefined
      ? { ...filtering(use.program, use.evidence, below), ...alsoBy(wrapper) }
      : wrapper;
  }
  if (wraps !== undefined && !own) return filtering(`${bin}simple-phpunit`, manifest.file.at(wraps), below);
  if (use.configured) return filtering(use.program, use.evidence, below);
  const elsewhere = ['tests', 'test', 'Tests', 'Build/phpunit', 'dev']
    .flatMap((folder) => CONFIGS.map((name) => `${folder}/${name}`))
    .find((path) => repo.paths.isFile(at(dir, path)));
  if (elsewhere === undefined) return filtering(use.program, use.evidence, below - 1);
  return filtering(`${use.program} -c ${elsewhere}`, use.evidence, below);
}

/** Single tests in both ways. */
function alsoBy({ run }: Runner): Pick<Runner, 'singles'> {
  return { singles: ['vendor/bin/phpunit <file>', `${run} <file>`] };
}

const CONFIGS = ['phpunit.xml', 'phpunit.xml.dist', 'phpunit.dist.xml', 'UnitTests.xml'];

function filtering(run: string, evidence: Evidence, weight: number): Runner {
  return { run, singles: [`${run} <file>`, `${run} --filter <name>`], evidence, weight };
}

function withFile({ program, evidence }: Use, verb: string, weight: number): Runner {
  return { run: `${program}${verb}`, singles: [`${program}${verb} <file>`], evidence, weight };
}

/** The line names the program: then the tool is there on purpose. */
function shows(repo: RepoView, { path, line }: Evidence, run: string): boolean {
  const program = run.split(' ')[0]!.replace(/^.*\//, '');
  return program !== 'php' && hasWord(repo.file(path)?.lines.line(line) ?? '', program);
}

const NAMES = ['phpunit', 'pest', 'test:unit', 'tests:unit', 'unit', 'unit-test', 'test', 'tests'];
const RUNNERS = new Set(['phpunit', 'pest', 'paratest', 'simple-phpunit', 'codecept']);

/** `composer test -- --filter=<name>`: what a script that only starts the tests passes on. */
function* throughScript({ scripts, dir, file }: Manifest): Generator<ConventionalCommand> {
  for (const name of NAMES) {
    const script = scripts.get(name);
    const words = script && passesOn(script);
    if (!script || !words) continue;
    // With settings of its own the script is what reaches the tests.
    const settled = words.some((word) => /^(?:-c|-d|--configuration(?:=.*)?|--bootstrap(?:=.*)?)$/.test(word));
    const placed = words.slice(1).some((word, i) => !word.startsWith('-') && !words[i]!.startsWith('-'));
    const call = composerCall(name);
    const evidence = file.at(script.line);
    const weight = settled ? 0.3 : -1.2;
    if (!placed) yield command('test-single', `${call} -- <file>`, dir, evidence, { weight, source: 'config' });
    yield command('test-single', `${call} -- --filter=<name>`, dir, evidence, {
      weight: weight - 0.1,
      source: 'config',
    });
    return;
  }
}

/** The words of a script that is one call of a test runner. */
function passesOn({ name, body, needs }: Script): readonly string[] | undefined {
  if (needs.length > 0 || body.length !== 1 || /[&|;<>]/.test(body[0]!)) return undefined;
  const all = body[0]!.split(/\s+/);
  const words = all.slice(all.findIndex((word) => !/^\w+=/.test(word)));
  const inner = unwrap(words).words;
  const program = inner[0]?.replace(/^.*\//, '');
  if (program === undefined) return undefined;
  if (RUNNERS.has(program)) return words[0] === 'php' ? ['php', ...words.slice(1)] : inner;
  if (inner.slice(0, 3).join(' ') === 'php artisan test') return inner.slice(2);
  // A program that some package brings for it: the script's name says what it starts.
  return name === 'phpunit' && inner.length === 1 ? inner : undefined;
}
