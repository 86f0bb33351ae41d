import { describe, expect, it } from 'vitest';
import { PathIndex } from '../path-index.ts';
import { SourceFile } from '../source-file.ts';
import type { Comparison, Side } from './comparison.ts';
import { fresh, gone } from './evidence.ts';
import { movesOf } from './moves.ts';

function side(files: Readonly<Record<string, string>>): Side {
  const paths = new PathIndex(Object.keys(files).map((path) => ({ path, kind: 'file' as const })));
  const survey = { paths, signals: [], files: new Map(), facts: { facts: [] } } as unknown as Side['survey'];
  return { survey, file: (path) => (path in files ? new SourceFile(path, files[path]!) : undefined) };
}

function comparison(before: Record<string, string>, after: Record<string, string>, from?: string): Comparison {
  const path = Object.keys(after)[0] ?? Object.keys(before)[0]!;
  const files =
    from === undefined ? [{ status: 'modified' as const, path }] : [{ status: 'renamed' as const, path, from }];
  const touched = new Set([path, ...(from === undefined ? [] : [from])]);
  return { before: side(before), after: side(after), files, touched, moves: movesOf(files) };
}

describe('the line a fact rests on', () => {
  const old = { Makefile: 'lint:\n\tgo vet\n' };

  it('is gone where the file no longer has it', () => {
    expect(gone({ path: 'Makefile', line: 1 }, comparison(old, { Makefile: 'check:\n\tgo vet\n' }))).toBe(true);
  });

  it('is not gone where it only stands elsewhere in the file, or in the renamed file', () => {
    expect(gone({ path: 'Makefile', line: 1 }, comparison(old, { Makefile: 'x:\n\nlint:\n' }))).toBe(false);
    expect(gone({ path: 'Makefile', line: 1 }, comparison(old, { GNUmakefile: old.Makefile }, 'Makefile'))).toBe(false);
  });

  it('is gone with its file', () => {
    const change = comparison(old, {});
    expect(gone({ path: 'Makefile', line: 1 }, { ...change, touched: new Set(['Makefile']) })).toBe(true);
  });

  it('is neither gone nor new in a file that nobody touched', () => {
    const change = { ...comparison(old, { Makefile: 'check:\n' }), touched: new Set<string>() };
    expect([gone({ path: 'Makefile', line: 1 }, change), fresh({ path: 'Makefile', line: 1 }, change)]).toEqual([
      false,
      false,
    ]);
  });

  it('is new where the file did not have it', () => {
    const change = comparison(old, { Makefile: 'lint:\n\tgo vet\ncheck:\n' });
    expect([1, 3].map((line) => fresh({ path: 'Makefile', line }, change))).toEqual([false, true]);
  });
});
