import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { processorTime } from '../../test/processor-time.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { elixir } from './elixir.ts';

const SHOP = fixture('elixir/shop');

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(elixir, files)).signals);
}

function project(inside: string, below = ''): string {
  return `defmodule A.MixProject do\n  use Mix.Project\n\n  def project do\n    [\n      app: :a,\n${inside}\n    ]\n  end\n${below}end\n`;
}

async function aliases(inside: string, below = ''): Promise<readonly string[]> {
  return (await said({ 'mix.exs': project(inside, below) })).filter((line) => line.startsWith('task'));
}

describe('elixir', () => {
  it('reads a Phoenix application: versions, aliases with what they run, the tools it depends upon', async () => {
    expect(await said(SHOP)).toEqual([
      'package-manager = mix | mix.exs:2 | config 0',
      'build-system = mix | mix.exs:2 | config -1',
      'runtime.elixir = ~> 1.17 | mix.exs:10 | config -1',
      'test-framework = exunit | mix.exs:2 | convention 0',
      'entrypoint = lib/shop/application.ex | mix.exs:20 | config 0',
      'install: mix deps.get | mix.exs:2 | convention 0',
      'build: mix compile | mix.exs:2 | convention 0',
      'test: mix test | mix.exs:2 | convention 0',
      'test-single: mix test <file> | mix.exs:2 | convention 0',
      'run: mix phx.server | mix.exs:2 | convention 0',
      'formatter = mix format | .formatter.exs:2 | config 0',
      'format: mix format | .formatter.exs:1 | config 0',
      'formatter = styler | mix.exs:31 | config -1',
      'linter = credo | mix.exs:29 | config 0',
      'lint: mix credo | mix.exs:29 | config 0',
      'lint: mix credo --strict | mix.exs:29 | config -0.5',
      'type-checker = dialyzer | mix.exs:15 | config 0',
      'typecheck: mix dialyzer | mix.exs:15 | config 0',
      'test-framework = stream_data | mix.exs:32 | config -1',
      'task mix setup | mix.exs:39 { mix deps.get; mix ecto.setup; cd assets && npm install }',
      'install: mix setup | mix.exs:39 | config 0.5',
      'task mix ecto.setup | mix.exs:40 { mix ecto.create; mix ecto.migrate --quiet; mix run priv/seeds.exs }',
      'task mix test | mix.exs:41 { mix ecto.create --quiet; mix test }',
      'task mix precommit | mix.exs:42 { mix compile --warnings-as-errors; mix format; mix test }',
      'task mix lint | mix.exs:43 { mix format; mix credo }',
      'task mix release | mix.exs:44',
      'workspace = prices in prices | prices/mix.exs:2 | config -1',
      'test: mix test in prices | prices/mix.exs:2 | convention -1',
    ]);
  });

  it('says first what people type there', async () => {
    const { facts } = await analyze(memoryRepository(SHOP));
    const first = new Map<string, string>();
    for (const { key, value, dir } of facts) if (dir === '' && !first.has(key)) first.set(key, value);
    expect(Object.fromEntries([...first].filter(([key]) => key.startsWith('command.')))).toEqual({
      'command.install': 'mix setup',
      'command.build': 'mix compile',
      'command.test': 'mix test',
      'command.test-single': 'mix test <file>',
      'command.lint': 'mix lint',
      'command.format': 'mix format',
      'command.typecheck': 'mix dialyzer',
      'command.run': 'mix phx.server',
    });
  });

  it.each([
    ['      aliases: [test: "test --trace"],', ['task mix test | mix.exs:7 { mix test --trace }']],
    ['      aliases: [{"x", "y"}, 1, "a.b": ["c"]],', ['task mix a.b | mix.exs:7 { mix c }']],
    ['      aliases: Other.aliases(),', []],
    ['      aliases: [a: "do do test"],', ['task mix a | mix.exs:7 { mix test }']],
    [`      aliases: [a: "${'do '.repeat(600)}test"],`, ['task mix a | mix.exs:7']],
    [
      `      aliases: [a: "${'do '.repeat(20_000)}test", b: "test"],`,
      ['task mix a | mix.exs:7', 'task mix b | mix.exs:7 { mix test }'],
    ],
    [`      aliases: [a: "test ${'x'.repeat(2000)}"],`, ['task mix a | mix.exs:7']],
    [
      '      aliases: [check: [fn -> :ok end, "credo"], "odd name": "x"],',
      ['task mix check | mix.exs:7 { mix credo }'],
    ],
    [
      '      aliases: [ci: ["do --app a test", "do format + test --cover", "cmd ls"]],',
      ['task mix ci | mix.exs:7 { mix do --app a test; mix format; mix test --cover; ls }'],
    ],
  ])('%s', async (inside, expected) => {
    expect(await aliases(inside)).toEqual(expected);
  });

  it('follows a function or an attribute, and reads every list that it joins', async () => {
    const joined = '  defp tasks(_) do\n    [a: "x"] ++ if(Mix.env() == :dev, do: [b: "y"], else: [])\n  end\n';
    expect(await aliases('      aliases: tasks(1)', joined)).toEqual([
      'task mix a | mix.exs:11 { mix x }',
      'task mix b | mix.exs:11 { mix y }',
    ]);
    expect(await aliases('      aliases: @aliases', '  @aliases [b: "y # z"]\n')).toEqual([
      'task mix b | mix.exs:10 { mix y # z }',
    ]);
  });

  it.each([
    ['      # aliases: [a: "x"]'],
    ['      description: """\n      aliases: [a: "x"]\n      """'],
    ['      pattern: ~r/aliases: \\[a: "/, quote: ?", name: "#{f("aliases: [a: ")}"'],
  ])('%j is no alias', async (inside) => {
    expect(await aliases(inside)).toEqual([]);
  });

  it('what tests need is not the tests, and a task that is run in every project is that task', async () => {
    const workflow = 'on: pull_request\njobs:\n  a:\n    steps:\n      - run: mix cmd --app a mix test --cover\n';
    const { facts } = await analyze(
      memoryRepository({
        'mix.exs': project('      aliases: ["test.setup": ["ecto.create"]]'),
        'test/a_test.exs': '',
        '.github/workflows/ci.yml': workflow,
      }),
    );
    const tests = facts.filter(({ key }) => key === 'command.test');
    expect(tests.map(({ value, source }) => [value, source])).toEqual([['mix test', 'ci']]);
  });

  it('folds the projects of an umbrella into its root', async () => {
    const app = project('      version: "1"').replace(':a', ':web');
    const lines = await said({
      'mix.exs': project('      apps_path: "apps"').replace('      app: :a,\n', ''),
      'apps/web/mix.exs': app,
      'apps/web/test/web_test.exs': '',
    });
    expect(lines.filter((line) => /^(?:test|workspace)/.test(line))).toEqual([
      'test-framework = exunit | mix.exs:2 | convention 0',
      'test: mix test | mix.exs:2 | convention 0',
      'test-single: mix test <file> | mix.exs:2 | convention 0',
      'workspace = web in apps/web | apps/web/mix.exs:2 | config 0',
    ]);
  });

  it('says less of a library in Erlang, and does not offer to start a package', async () => {
    const files = { 'mix.exs': project('      package: []', '  def application, do: [mod: {A, []}]\n') };
    expect((await said(files)).some((line) => line.startsWith('run'))).toBe(false);
    expect(await said({ ...files, 'rebar.config': '', 'src/a.erl': '', 'src/b.erl': '' })).toContain(
      'build: mix compile | mix.exs:2 | convention -2',
    );
  });

  it.each([
    ['.credo.exs', '%{configs: [%{name: "default",\n  strict: true}]}', 'lint: mix credo --strict'],
    ['.formatter.exs', '', 'formatter = mix format'],
    ['test/shop_test.exs', undefined, 'test: mix test |'],
    ['lib/shop_web/endpoint.ex', undefined, 'run: mix phx.server'],
  ])('with %s of %j there is no %s', async (path, text, line) => {
    const { [path]: _, ...rest } = SHOP;
    const has = async (files: Record<string, string>): Promise<boolean> =>
      (await said(files)).some((each) => each.startsWith(line));
    expect(await has(SHOP)).toBe(true);
    expect(await has(text === undefined ? rest : { ...rest, [path]: text })).toBe(false);
  });

  it('reads what there is of half a file, with the line ends of Windows, in time', async () => {
    const whole = SHOP['mix.exs']!;
    for (let length = 0; length < whole.length; length += 7) {
      const { problems } = await signalsOf(elixir, { 'mix.exs': whole.slice(0, length) });
      expect(problems).toEqual([]);
    }
    const crlf = Object.fromEntries(Object.entries(SHOP).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));
    expect(await said(crlf)).toEqual(await said(SHOP));
    const started = processorTime();
    for (const piece of ['"', '#{"', '~w(', '[', 'def project do ', '{:a, ', 'a: [', '~', "'", '@a ', '"#{'])
      await said({ 'mix.exs': `use Mix.Project\n${piece.repeat(Math.floor((1 << 19) / piece.length))}` });
    expect(processorTime() - started).toBeLessThan(6000);
  });
});
