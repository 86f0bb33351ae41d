import type { Evidence } from '../../fact.ts';
import type { SourceFile } from '../../source-file.ts';
import { stringsOf } from '../jvm/code-lines.ts';
import type { JavaPin } from '../jvm/java-pins.ts';
import type { Catalog } from './catalog.ts';
import type { Script } from './script.ts';

const TOOLCHAIN = /\bJavaLanguageVersion\.of\(((?:[^()]|\(\))*)\)/;
const JVM_TOOLCHAIN = /\bjvmToolchain\(((?:[^()]|\(\))*)\)/;
const RELEASE = /\brelease(?:\.set\(|[ \t]*=)[ \t]*([\w."']+)/;
const COMPATIBLE = /\b(?:source|target)Compatibility(?:[ \t]*=|[ \t])[ \t]*(.+)$/;

/** A version, and the line that gives it. */
interface Given {
  readonly value: string;
  readonly at: Evidence;
}

/** What scripts compile with and for, the toolchain before the language level. */
export function* scriptPins(
  scripts: readonly Script[],
  resolve: (expression: string, script: Script, at: Evidence) => Given | undefined,
): Iterable<JavaPin> {
  for (const script of scripts) {
    for (const [index, { code }] of script.lines.entries()) {
      if (!/Version|Toolchain|release|Compatibility/.test(code)) continue;
      // A choice between two versions pins neither.
      if (/\?|\bif\b/.test(code)) continue;
      const found = pinOn(code, script.blocks[index] ?? []);
      const given = found && resolve(found.expression.trim(), script, script.file.at(index + 1));
      if (given) yield { ...given, weight: found.weight };
    }
  }
}

function pinOn(code: string, within: readonly string[]): { expression: string; weight: number } | undefined {
  const toolchain = TOOLCHAIN.exec(code) ?? JVM_TOOLCHAIN.exec(code);
  if (toolchain) return { expression: toolchain[1]!, weight: 2 };
  const compiles = /\boptions\b|Compile/.test(`${code} ${within.join(' ')}`);
  const release = compiles ? RELEASE.exec(code) : null;
  if (release) return { expression: release[1]!, weight: 1 };
  const compatible = COMPATIBLE.exec(code);
  return compatible ? { expression: compatible[1]!, weight: 0 } : undefined;
}

/** `.get()`, `.toInt()`, ` as int`: what turns a value into a version. */
const CONVERSION = /(?:\.get\(\)|\.asProvider\(\)|\.to\w+\(\)|\.get|\.toInt|[ \t]+as[ \t]+\w+)+$/;

/** A literal, `JavaVersion.VERSION_17`, a catalog's version, or a name that a script or `gradle.properties` gives a literal. */
export function resolver(
  catalogs: readonly Catalog[],
  scripts: readonly Script[],
  properties: SourceFile | undefined,
): (expression: string, script: Script, at: Evidence) => Given | undefined {
  return (expression, script, at) => {
    const literal = literalVersion(expression);
    if (literal !== undefined) return { value: literal, at };
    const plain = expression.slice(0, 200).replace(CONVERSION, '');
    const entry = /^([a-z]\w*)\.versions\.([\w.]+)$/i.exec(plain);
    if (entry) return catalogs.find((catalog) => catalog.name === entry[1])?.versions.get(entry[2]!);
    const name = /^(?:project\.|rootProject\.|ext\.)*([A-Za-z]\w*)$/.exec(plain)?.[1];
    return name === undefined ? undefined : (assigned(name, [script, ...scripts]) ?? property(name, properties));
  };
}

function assigned(name: string, scripts: readonly Script[]): Given | undefined {
  const assignment = new RegExp(`\\b${name}[ \\t]*(?::[ \\t]*\\w+[ \\t]*)?=[ \\t]*(.+)$`);
  for (const { file, lines } of scripts) {
    for (const [index, { code }] of lines.entries()) {
      const value = code.includes(name) ? assignment.exec(code)?.[1] : undefined;
      const version = value === undefined ? undefined : literalVersion(value.trim());
      if (version !== undefined) return { value: version, at: file.at(index + 1) };
    }
  }
  return undefined;
}

function property(name: string, properties: SourceFile | undefined): Given | undefined {
  const pattern = new RegExp(`^[ \\t]*${name}[ \\t]*[=:][ \\t]*(\\S+)`);
  const line = properties?.find(pattern);
  const value = line === undefined ? undefined : literalVersion(pattern.exec(properties!.lines.line(line))?.[1] ?? '');
  return line === undefined || value === undefined ? undefined : { value, at: properties!.at(line) };
}

function literalVersion(text: string): string | undefined {
  const named = /^(?:JavaVersion\.)?VERSION_(\d+(?:_\d+)?)\b/.exec(text)?.[1];
  if (named !== undefined) return named.replace('_', '.');
  const value = stringsOf(text)[0] ?? text;
  return /^\d+(?:\.\d+)*$/.test(value) ? value : undefined;
}
