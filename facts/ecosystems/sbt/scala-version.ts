import type { Evidence } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import type { SbtScript } from './script.ts';

/** `scalaVersion := "3.3.4"`, or the value that a name stands for. */
export function* scalaVersion(dir: string, scripts: readonly SbtScript[]): Iterable<Signal> {
  for (const { file, lines } of scripts) {
    for (const [index, { code }] of lines.entries()) {
      const right = /\bscalaVersion[ \t]*:=[ \t]*(.+)$/.exec(code)?.[1];
      if (right === undefined) continue;
      const literal = versionIn(right);
      const name = /^([A-Za-z_]\w*(?:\.\w+)*)/.exec(right)?.[1]?.split('.').at(-1);
      const found = literal
        ? { value: literal, at: file.at(index + 1) }
        : name
          ? definitionOf(name, scripts)
          : undefined;
      if (!found) continue;
      yield { kind: 'fact', key: 'runtime.scala', value: found.value, dir, source: 'config', evidence: [found.at] };
      return;
    }
  }
}

function definitionOf(name: string, scripts: readonly SbtScript[]): { value: string; at: Evidence } | undefined {
  const assigned = new RegExp(`\\bval[ \\t]+${name}\\b[^=]*=[ \\t]*(.+)$`);
  for (const { file, lines } of scripts) {
    for (const [index, { code }] of lines.entries()) {
      const value = code.includes(name) ? versionIn(assigned.exec(code)?.[1] ?? '') : undefined;
      if (value) return { value, at: file.at(index + 1) };
    }
  }
  return undefined;
}

function versionIn(text: string): string | undefined {
  return /^["'](\d[\w.-]*)["']/.exec(text.trim())?.[1];
}
