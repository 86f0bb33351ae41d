import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Skill } from '../codex/export/skill.ts';
import { writeSkill } from './skill-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'skill-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const skill = (files: Readonly<Record<string, string>>): Skill => ({
  name: 'rules',
  files: Object.entries(files).map(([path, text]) => ({ path, text })),
  tokens: 1,
  warnings: [],
});
const at = (path: string): string => join(root, 'rules', path);
const FIRST = skill({ 'references/a.md': 'a', 'references/b.md': 'b', 'SKILL.md': 'one' });
const SECOND = skill({ 'references/a.md': 'a2', 'SKILL.md': 'two' });

describe('the folder of a skill', () => {
  it('is made, with the marker of the export', () => {
    expect(writeSkill(join(root, 'deep/er'), FIRST)).toMatchObject({ removed: [], kept: [] });
    expect(readdirSync(join(root, 'deep/er/rules'), { recursive: true }).sort()).toEqual([
      'SKILL.md',
      'assets',
      'assets/export.json',
      'references',
      'references/a.md',
      'references/b.md',
    ]);
  });

  it('is replaced by a later export, and what that does not have goes', () => {
    writeSkill(root, FIRST);
    expect(writeSkill(root, SECOND)).toMatchObject({ removed: ['references/b.md'], kept: [] });
    expect(readFileSync(at('references/a.md'), 'utf8')).toBe('a2');
    expect(existsSync(at('references/b.md'))).toBe(false);
  });

  it('keeps what somebody changed or put there', () => {
    writeSkill(root, FIRST);
    writeFileSync(at('references/b.md'), 'my own');
    writeFileSync(at('references/mine.md'), 'mine');
    expect(writeSkill(root, SECOND)).toMatchObject({ removed: [], kept: ['references/b.md', 'references/mine.md'] });
    // It stays theirs.
    expect(writeSkill(root, SECOND).kept).toEqual(['references/b.md', 'references/mine.md']);
  });

  it('is not taken over from somebody else', () => {
    mkdirSync(at(''), { recursive: true });
    writeFileSync(at('SKILL.md'), 'not ours');
    expect(() => writeSkill(root, FIRST)).toThrow('holds something that no export of ours wrote (SKILL.md)');
    expect(readFileSync(at('SKILL.md'), 'utf8')).toBe('not ours');
    expect(readdirSync(at(''))).toEqual(['SKILL.md']);
  });

  it('is not taken over by the word of a marker that is none', () => {
    mkdirSync(at('assets'), { recursive: true });
    writeFileSync(at('assets/export.json'), '{"schema": "another"}');
    expect(() => writeSkill(root, FIRST)).toThrow('no export of ours wrote');
  });

  it('loses no file of somebody else that has the name of a page', () => {
    writeSkill(root, SECOND);
    writeFileSync(at('references/b.md'), 'mine');
    expect(() => writeSkill(root, FIRST)).toThrow('is not of an export of ours and would be replaced');
    expect(readFileSync(at('references/b.md'), 'utf8')).toBe('mine');
    expect(readFileSync(at('SKILL.md'), 'utf8')).toBe('two');
  });

  it('is never written through a symbolic link', () => {
    writeSkill(root, FIRST);
    mkdirSync(join(root, 'elsewhere'));
    rmSync(at('references'), { recursive: true });
    symlinkSync(join(root, 'elsewhere'), at('references'));
    expect(() => writeSkill(root, SECOND)).toThrow('symbolic link');
    expect(readdirSync(join(root, 'elsewhere'))).toEqual([]);
  });

  it('can be written again after an export that was interrupted', () => {
    writeSkill(root, FIRST);
    // The marker is written first, and names what comes.
    const marker = JSON.parse(readFileSync(at('assets/export.json'), 'utf8'));
    marker.files['references/new.md'] = 'sha256:0';
    writeFileSync(at('assets/export.json'), JSON.stringify(marker));
    writeFileSync(at('references/new.md'), 'half');
    expect(writeSkill(root, skill({ 'references/new.md': 'whole', 'SKILL.md': 'three' })).removed).toEqual([
      'references/a.md',
      'references/b.md',
    ]);
    expect(readFileSync(at('references/new.md'), 'utf8')).toBe('whole');
  });
});
