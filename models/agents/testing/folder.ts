import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Compilation, type CompileOptions, compileAgents } from '../compile.ts';

/** A folder with these files, gone with the test. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-agents-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** The text of an agent's file: complete, but for what is given. */
export function agentFile(keys: Readonly<Record<string, unknown>> = {}, body = 'Look closely.'): string {
  return markdown({ description: 'Looks.', tier: 'standard', answer: 'findings', ...keys }, body);
}

/** Front matter, as JSON is YAML too, and a text. A key that is undefined is left out. */
export function markdown(keys: Readonly<Record<string, unknown>>, body = ''): string {
  const lines = Object.entries(keys)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  return `---\n${lines.join('')}---\n${body}\n`;
}

/** Compiles files as the one layer, or over another. */
export function compileFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<CompileOptions> = {},
): Promise<Compilation> {
  return compileAgents({ folder: folderOf(files), layer: 'built-in', answers: ['findings', 'judgement'], ...options });
}

/** What is wrong, each as `file:line message`. */
export async function problemsOf(compilation: Promise<Compilation>): Promise<readonly string[]> {
  const done = await compilation;
  return done.ok ? [] : done.problems.map(({ file, line, message }) => `${file}:${line ?? ''} ${message}`);
}

/** The document of what is right. */
export async function compiledOf(compilation: Promise<Compilation>) {
  const done = await compilation;
  if (!done.ok) throw new Error(JSON.stringify(done.problems));
  return done.compiled;
}
