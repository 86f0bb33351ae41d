import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import { parseToml } from './toml.ts';
import type { Tree } from './tree.ts';

/** Every key with its line and value, `a.x@2=1`. */
function flat(tree: Tree | undefined, path = ''): readonly string[] {
  return (tree?.entries() ?? []).flatMap(([key, value]) =>
    value.kind === 'map'
      ? flat(value, `${path}${key}.`)
      : [`${path}${key}@${value.keyLine}=${value.texts().join(',')}`],
  );
}

describe('TOML that is broken somewhere', () => {
  it.each<[string, string, readonly string[], number]>([
    ['a table without its bracket', '[a]\nx = 1\n[b\ny = 2\n[c]\nz = 3\n', ['a.x@2=1', 'c.z@6=3'], 4],
    ['a list that is never closed', '[a]\nx = [\n[b]\ny = 2\n', ['b.y@4=2'], 3],
    [
      'a table that is there twice',
      'top = 1\n[a]\nx = 1\n[a]\ny = 2\n[c]\nz = 3\n',
      ['top@1=1', 'a.x@3=1', 'c.z@7=3'],
      4,
    ],
    ['a key that is there twice', '[a]\r\nx = 1\r\nx = 2\r\n[b]\r\ny = 2\r\n', ['b.y@5=2'], 3],
    ['a merge conflict', '[a]\n<<<<<<< ours\nx = 1\n=======\ny = 2\n>>>>>>> theirs\n', ['a.x@3=1', 'a.y@5=2'], 2],
    ['a file cut short', '[a]\nx = 1\n[b]\ny = "', ['a.x@2=1'], 4],
  ])('loses only the table with %s', (_, text, keys, line) => {
    const problems: (number | undefined)[] = [];
    expect(flat(parseToml(text, (_message, at) => problems.push(at)))).toEqual(keys);
    expect(problems).toEqual([line]);
  });

  it('stays quick', () => {
    const started = processorTime();
    parseToml('[a]\nx = [1\n'.repeat(1_999), () => {});
    parseToml(`x = ${'['.repeat(4_000)}\n${'a = 1\n'.repeat(100_000)}`, () => {});
    expect(processorTime() - started).toBeLessThan(3_000);
  });
});
