import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { processorTime } from '../../test/processor-time.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { rebar3 } from './rebar3.ts';

const QUEUE = fixture('rebar3/queue');

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(rebar3, files)).signals);
}

describe('rebar3', () => {
  it('reads versions, aliases, plugins of profiles too, and which tests there are', async () => {
    expect(await said(QUEUE)).toEqual([
      'package-manager = rebar3 | rebar.config:3 | config 0',
      'build-system = rebar3 | rebar.config:2 | config 0',
      'runtime.erlang = 26 | rebar.config:2 | config -1',
      'install: rebar3 get-deps | rebar.lock:1 | convention -1',
      'build: rebar3 compile | rebar.lock:1 | convention 0',
      'test-framework = common_test | rebar.lock:1 | convention 0',
      'test: rebar3 ct | rebar.lock:1 | convention 0',
      'test-single: rebar3 ct --suite <file> | rebar.lock:1 | convention 0',
      'test-framework = eunit | rebar.lock:1 | convention 0',
      'test: rebar3 eunit | rebar.lock:1 | convention 0',
      'test-single: rebar3 eunit --module=<name> | rebar.lock:1 | convention -0.5',
      'test-framework = proper | rebar.config:13 | config -1',
      'test: rebar3 proper | rebar.config:13 | config -3',
      'formatter = erlfmt | rebar.config:10 | config 0',
      'format: rebar3 fmt | rebar.config:10 | convention 0',
      'linter = elvis | rebar.config:10 | config 0',
      'lint: rebar3 lint | rebar.config:10 | convention 0',
      'lint: rebar3 xref | rebar.config:11 | config -1',
      'type-checker = dialyzer | rebar.config:12 | config 0',
      'typecheck: rebar3 dialyzer | rebar.config:12 | config 0',
      'task rebar3 check | rebar.config:6 { rebar3 xref; rebar3 eunit --cover; rebar3 ct --name a@b }',
      'task rebar3 quick | rebar.config:7 { rebar3 compile }',
    ]);
  });

  it.each([
    ['rebar3_format', 'formatter = rebar3_format', 'format: rebar3 format'],
    ['steamroller', 'formatter = steamroller', 'format: rebar3 steamroll'],
    ['rebar3_hank', 'linter = hank', 'lint: rebar3 hank'],
  ])('the plugin %s brings a command', async (plugin, fact, command) => {
    const lines = await said({ 'rebar.config': `{project_plugins, [${plugin}]}.\n`, 'src/a.erl': '' });
    expect(lines.find((line) => line.startsWith(fact))).toBeDefined();
    expect(lines.find((line) => line.startsWith(`${command} |`))).toBeDefined();
  });

  it('every command that is said points to a line that shows it', async () => {
    const { facts } = await analyze(memoryRepository(QUEUE));
    const commands = facts.filter(({ key }) => /^command\.(?:format|lint|typecheck|build)$/.test(key));
    expect(commands.map(({ value, evidence }) => `${value} ${evidence[0]!.path}:${evidence[0]!.line}`)).toEqual([
      'rebar3 compile rebar.config:7',
      'rebar3 lint rebar.config:10',
      'rebar3 xref rebar.config:11',
      'rebar3 check rebar.config:6',
      'rebar3 fmt rebar.config:10',
      'rebar3 dialyzer rebar.config:12',
    ]);
  });

  it('types the rebar3 that the repository brings, and leaves a project of erlang.mk to make', async () => {
    expect(await said({ ...QUEUE, rebar3: '' })).toContain('build: ./rebar3 compile | rebar.lock:1 | convention 0');
    expect(await said({ ...QUEUE, 'erlang.mk': '' })).toEqual([]);
  });

  it('steps back where more of the project is Elixir', async () => {
    const mixed = { ...QUEUE, 'mix.exs': '', 'lib/a.ex': '', 'lib/b.ex': '', 'lib/c.ex': '', 'lib/d.ex': '' };
    expect(await said(mixed)).toContain('build: rebar3 compile | rebar.lock:1 | convention -2');
  });

  it.each(['', '%% {deps, []}.', '"{deps, []}."', '{', '{deps', '{deps, [', '[{a, b}'])('survives %j', async (text) => {
    const { problems } = await signalsOf(rebar3, { 'rebar.config': text });
    expect(problems).toEqual([]);
  });

  it('reads half a file, and the line ends of Windows, in time', async () => {
    const whole = QUEUE['rebar.config']!;
    for (let length = 0; length < whole.length; length += 5)
      expect((await signalsOf(rebar3, { 'rebar.config': whole.slice(0, length) })).problems).toEqual([]);
    const crlf = Object.fromEntries(Object.entries(QUEUE).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));
    expect(await said(crlf)).toEqual(await said(QUEUE));
    const started = processorTime();
    for (const piece of ['{', '[', '{plugins, ', '{alias, [{a, [', '"', '{a}.'])
      await said({ 'rebar.config': `{deps, []}.\n${piece.repeat(Math.floor((1 << 19) / piece.length))}` });
    expect(processorTime() - started).toBeLessThan(6000);
  });
});
