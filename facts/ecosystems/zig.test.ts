import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { zig } from './zig.ts';

const FILES = fixture('zig/tool');
const BUILD = FILES['build.zig']!;

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(zig, files)).signals);
}

describe('zig', () => {
  it('reads the version, and each step from the line that names it; comments and computed names are none', async () => {
    expect(await said(FILES)).toEqual([
      'build-system = zig | build.zig:3 | config 0',
      'runtime.zig = 0.15.1 | build.zig.zon:4 | config 0',
      'task zig build | build.zig:3',
      'task zig build run | build.zig:5',
      'task zig build test | build.zig:8',
      'test-single: zig test <file> | build.zig:8 | convention 0',
      'typecheck: zig build check | build.zig:12 | config 0',
      'task zig build check | build.zig:12 internal',
      'task zig build fmt | build.zig:13 internal',
      'task zig build docs:site | build.zig:15',
      'format: zig fmt . | build.zig:4 | convention 0',
    ]);
  });

  it('describes a step with its own words', async () => {
    const { signals } = await signalsOf(zig, FILES);
    const steps = signals.flatMap((signal) => (signal.kind === 'task' ? [[signal.name, signal.description]] : []));
    expect(steps).toContainEqual(['test', 'Run the tests']);
    expect(steps).toContainEqual(['docs:site', 'Write the \\"site\\"']);
  });

  it('a .zigversion pins more firmly than the minimum', async () => {
    const versions = (await said({ ...FILES, '.zigversion': '0.15.2\n' })).filter((line) => line.startsWith('runtime'));
    expect(versions).toEqual([
      'runtime.zig = 0.15.2 | .zigversion:1 | config 1',
      'runtime.zig = 0.15.1 | build.zig.zon:4 | config 0',
    ]);
  });

  it.each([
    ['b.option([]const u8, "test-filter", "Only these");', 'zig build test -Dtest-filter=<name> | build.zig:18'],
    ['exe.root_module.addImport("clay", clay);', undefined],
    ['const clay = b.dependency("clay", .{});', undefined],
  ])('with %s a single test is %j', async (line, expected) => {
    const lines = await said({ ...FILES, 'build.zig': `${BUILD}fn more() void {\n${line}\n}\n` });
    const single = lines.find((text) => text.startsWith('test-single: '));
    expect(single).toBe(expected && `test-single: ${expected} | convention 0`);
  });

  it('a check that does more than compile is an ordinary step', async () => {
    const lines = await said({ ...FILES, 'build.zig': BUILD.replace('that everything compiles', 'the licences') });
    expect(lines.filter((line) => line.includes('zig build check'))).toEqual(['task zig build check | build.zig:12']);
  });

  it('says little of a build.zig that serves another language, and nothing of one that is no build', async () => {
    expect(await said({ 'build.zig': BUILD, 'src/main.c': 'int main(void) { return 0; }\n' })).toEqual([
      'build-system = zig | build.zig:3 | config 0',
      'build: zig build | build.zig:3 | convention -2',
    ]);
    expect(await said({ 'build.zig': 'pub const version = "1";\n', 'src/main.zig': '' })).toEqual([]);
    expect(await said({ 'examples/build.zig': BUILD, 'examples/main.zig': '' })).toEqual([]);
  });

  it('reads what there is of half a file, in time', async () => {
    const { signals, problems } = await signalsOf(zig, {
      ...FILES,
      'build.zig': BUILD.slice(0, BUILD.indexOf('"Run the tests"')).replaceAll('\n', '\r\n'),
      'build.zig.zon': '.minimum_zig_version = "',
    });
    expect([told(signals).filter((line) => line.startsWith('task')), problems]).toEqual([
      ['task zig build | build.zig:3', 'task zig build run | build.zig:5', 'task zig build test | build.zig:8'],
      [],
    ]);
    const started = processorTime();
    for (const piece of ['b.step("', 'b.step( ', 'b.step("a","\\']) {
      await said({ ...FILES, 'build.zig': `pub fn build(b: *B) void {\n${piece.repeat(100_000)}` });
    }
    expect(processorTime() - started).toBeLessThan(3000);
  });
});
