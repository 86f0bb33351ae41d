import { describe, expect, it } from 'vitest';
import { survey } from '../../../facts/index.ts';
import { type MemoryFile, memoryRepository } from '../../../forge/memory.ts';
import { commandsOf } from '../../documents/commands.ts';
import { documentOf } from '../../documents/parse.ts';
import { judgeCommand } from './judge-command.ts';

/** The verdicts on all commands of a text: `exists`, `unknown`, or `gone` with what is known of it. */
async function verdicts(
  text: string,
  files: Readonly<Record<string, MemoryFile>>,
  dir = '',
): Promise<readonly string[]> {
  const surveyed = await survey(memoryRepository(files));
  return commandsOf(documentOf(text, { dir })).flatMap((command) =>
    judgeCommand(command, dir, surveyed).map((verdict) => {
      if (verdict.state !== 'gone') return `${verdict.name} ${verdict.state}`;
      const { name, complete, elsewhere, successor, what } = verdict;
      return [
        name,
        what === 'package' ? 'no package' : complete ? 'gone' : 'perhaps gone',
        elsewhere.length > 0 && `in ${elsewhere.join(',')}`,
        successor && `now ${successor}`,
      ]
        .filter(Boolean)
        .join(' ');
    }),
  );
}

const manifest = (more: object): string => JSON.stringify(more);
const scripts = (...names: string[]): string =>
  manifest({ scripts: Object.fromEntries(names.map((name) => [name, 'tsc'])) });

describe('a folder with tasks of its own that were not read', () => {
  it('says nothing of names that the root does not have', async () => {
    const files = {
      justfile: 'build:\n\tmake\n',
      'benchmarks/justfile': 'fetch:\n\tcurl x\n',
      'benchmarks/results/keep': '',
      'docs/keep': '',
    };
    expect(await verdicts('`just fetch` `just build`', files, 'benchmarks')).toEqual(['fetch unknown', 'build exists']);
    expect(await verdicts('`just fetch`', files, 'benchmarks/results')).toEqual(['fetch unknown']);
    expect(await verdicts('`just fetch`', files, 'docs')).toEqual(['fetch gone']);
    expect(await verdicts('`just fetch`', files)).toEqual(['fetch gone']);
  });
});

describe('scripts', () => {
  it('exist, or are proven to be gone', async () => {
    expect(
      await verdicts('`npm run build` `npm run lint:fix` `npm test`', { 'package.json': scripts('build', 'fix:lint') }),
    ).toEqual(['build exists', 'lint:fix gone now fix:lint', 'test gone']);
  });

  it('of a package that the command names are looked up there', async () => {
    const files = {
      'package.json': manifest({ workspaces: ['packages/*'], scripts: { build: 'tsc' } }),
      'packages/a/package.json': manifest({ name: '@x/a', scripts: { dev: 'vite' } }),
    };
    expect(
      await verdicts('`pnpm -F @x/a dev` `pnpm -F a build` `npm run dev -w packages/a` `pnpm -F zz dev`', files),
    ).toEqual(['dev exists', 'build gone in ', 'dev exists', 'dev unknown']);
  });

  it('of a folder that the text names exist there', async () => {
    const files = { 'package.json': scripts('build'), 'web/package.json': scripts('dev') };
    expect(await verdicts('In `web/`: `npm run dev`\n\n`npm run dev`', files)).toEqual([
      'dev exists',
      'dev gone in web',
    ]);
    expect(await verdicts('## Web\n\n```sh\nnpm run dev\ncd web && npm run build\n```', { ...files })).toContain(
      'build gone in ',
    );
  });

  it('run from a folder without package.json are those of the folder above', async () => {
    expect(
      await verdicts('`npm run build` `npm run x`', { 'package.json': scripts('build'), 'docs/x.md': '' }, 'docs'),
    ).toEqual(['build exists', 'x gone']);
  });

  it('are not known where nobody read the package.json', async () => {
    expect(await verdicts('`npm run x`', { 'README.md': '' })).toEqual(['x unknown']);
    expect(await verdicts('```sh\ncd nowhere\nnpm run x\n```', { 'package.json': scripts('build') })).toEqual([
      'x unknown',
    ]);
  });

  it('may be programs of dependencies where the manager looks for those', async () => {
    const files = {
      'package.json': manifest({ scripts: { build: 'tsc' }, devDependencies: { '@changesets/cli': '2', tsx: '4' } }),
    };
    expect(
      await verdicts(
        '`pnpm changeset` `yarn tsx x.ts` `pnpm run changeset` `yarn lint` `pnpm some:thing` `pnpm qwert`',
        files,
      ),
    ).toEqual([
      'changeset unknown',
      'tsx unknown',
      'changeset gone',
      'lint gone',
      'some:thing gone',
      'qwert perhaps gone',
    ]);
  });

  it('with an open end exist where one fits', async () => {
    expect(
      await verdicts('Run:\n\n```sh\nnpm run build:*\nrun-s lint:all "build:*"\n```', {
        'package.json': scripts('build:a'),
      }),
    ).toEqual(['lint:all gone']);
  });

  it('that need not be there, and `npm start` beside a server, are fine', async () => {
    expect(
      await verdicts('`npm run x --if-present` `npm start`', { 'package.json': scripts('build'), 'server.js': '' }),
    ).toEqual(['start exists']);
  });
});

describe('targets', () => {
  it('of make: names, patterns, files, and folders with a Makefile of their own', async () => {
    const files = {
      Makefile: 'build:\n\ttrue\ntest-%:\n\ttrue\n',
      'prog.c': '',
      license: '',
      'docs/Makefile': 'html:\n\ttrue\n',
    };
    expect(
      await verdicts('```sh\nmake build test-unit license prog gone out/x.o\ncd docs && make html\n```', files),
    ).toEqual([
      'build exists',
      'test-unit exists',
      'license exists',
      'prog exists',
      'gone gone',
      'out/x.o exists',
      'html unknown',
    ]);
  });

  it('of a Makefile that may hold more are no more than alike', async () => {
    const files = { Makefile: 'dialyze:\n\ttrue\n$(eval $(call T))\n' };
    expect(await verdicts('`make dialyzer` `make other`', files)).toEqual([
      'dialyzer perhaps gone now dialyze',
      'other unknown',
    ]);
  });

  it('of just in modules, and of Task by alias', async () => {
    const files = {
      justfile: 'mod docker\ntest:\n  true\n',
      'docker.just': 'build:\n  true\n',
      'Taskfile.yml': 'tasks:\n  lint:\n    aliases: [l]\n    cmds: [x]\n',
    };
    expect(await verdicts('`just docker build` `just docker::build` `just tset` `task l` `task zz`', files)).toEqual([
      'docker exists',
      'docker::build exists',
      'tset gone',
      'l exists',
      'zz gone',
    ]);
  });

  it('of Mix and Composer may come from packages', async () => {
    const files = {
      'mix.exs':
        'defmodule X.MixProject do\n  use Mix.Project\n  def project, do: [app: :x, aliases: [quality: ["format"]]]\nend\n',
      'composer.json': manifest({ scripts: { test: 'phpunit' } }),
    };
    expect(
      await verdicts(
        '`mix quality` `mix deps.get` `mix other.task` `mix lint` `composer link` `composer cs` `composer run cs`',
        files,
      ),
    ).toEqual([
      'quality exists',
      'deps.get exists',
      'other.task unknown',
      'lint perhaps gone',
      'link unknown',
      'cs perhaps gone',
      'cs gone',
    ]);
  });

  it('of runners with plugins are never proven to be gone', async () => {
    expect(
      await verdicts('`./gradlew foo` `cargo frobnicate` `poe _x`', {
        'settings.gradle': '',
        'pyproject.toml': '[tool.poe.tasks]\na = "b"\n',
      }),
    ).toEqual(['frobnicate unknown']);
  });
});

it('stand-ins and what only a run knows are no claims', async () => {
  expect(
    await verdicts('`npm run <script>` `make TARGET` `make $X` `npm run build:*`', {
      'package.json': scripts('x'),
      Makefile: 'a:\n\ttrue\n',
    }),
  ).toEqual([]);
});
