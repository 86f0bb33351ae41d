import { stringsOf } from '../jvm/code-lines.ts';
import type { JavaPin } from '../jvm/java-pins.ts';
import type { Catalog } from './catalog.ts';
import type { Script } from './script.ts';

const TOOLCHAIN = /\bJavaLanguageVersion\.of\(((?:[^()]|\(\))*)\)/;
const JVM_TOOLCHAIN = /\bjvmToolchain\(((?:[^()]|\(\))*)\)/;
const RELEASE = /\brelease(?:\.set\(|[ \t]*=)[ \t]*([\w."']+)/;
const COMPATIBLE = /\b(?:source|target)Compatibility(?:[ \t]*=|[ \t])[ \t]*(.+)$/;

/** What the scripts of a build compile with and for, the toolchain before the language level. */
export function* scriptPins(
  scripts: readonly Script[],
  resolve: (expression: string, script: Script) => string | undefined,
): Iterable<JavaPin> {
  for (const script of scripts) {
    for (const [index, { code }] of script.lines.entries()) {
      if (!/Version|Toolchain|release|Compatibility/.test(code)) continue;
      // A choice between two versions pins neither.
      if (/\?|\bif\b/.test(code)) continue;
      const at = script.file.at(index + 1);
      const toolchain = TOOLCHAIN.exec(code) ?? JVM_TOOLCHAIN.exec(code);
      const release = /\boptions\b|Compile/.test(`${code} ${script.blocks[index]?.join(' ')}`)
        ? RELEASE.exec(code)
        : null;
      const compatible = COMPATIBLE.exec(code);
      const found = toolchain
        ? ([toolchain[1]!, 2] as const)
        : release
          ? ([release[1]!, 1] as const)
          : compatible
            ? ([compatible[1]!, 0] as const)
            : undefined;
      const value = found && resolve(found[0].trim(), script);
      if (found && value !== undefined) yield { value, at, weight: found[1] };
    }
  }
}

/** A literal, `JavaVersion.VERSION_17`, a catalog's version, or a name that a script or `gradle.properties` gives a literal. */
export function resolver(
  catalogs: readonly Catalog[],
  properties: ReadonlyMap<string, string>,
): (expression: string, script: Script) => string | undefined {
  return (expression, script) => {
    const literal = literalVersion(expression);
    if (literal !== undefined) return literal;
    const entry =
      /^([a-z]\w*)\.versions\.([\w.]+?)(?:\.get\(\)|\.asProvider\(\))*(?:\.to\w+(?:\(\))?|[ \t]+as[ \t]+\w+)?$/i.exec(
        expression,
      );
    if (entry) {
      const path = entry[2]!.replace(/\.(get|toInt)$/, '');
      return catalogs.find((catalog) => catalog.name === entry[1])?.versions.get(path);
    }
    const name =
      /^(?:project\.|rootProject\.|ext\.)*([A-Za-z]\w*)(?:\.toInt\(\)|\.toInteger\(\)|[ \t]+as[ \t]+\w+)?$/.exec(
        expression,
      )?.[1];
    if (name === undefined) return undefined;
    const assigned = new RegExp(`\\b${name}[ \\t]*(?::[ \\t]*\\w+[ \\t]*)?=[ \\t]*(.+)$`);
    for (const { code } of script.lines) {
      const value = code.includes(name) ? assigned.exec(code)?.[1] : undefined;
      const version = value === undefined ? undefined : literalVersion(value.trim());
      if (version !== undefined) return version;
    }
    const property = properties.get(name);
    return property === undefined ? undefined : literalVersion(property);
  };
}

function literalVersion(text: string): string | undefined {
  const named = /^(?:JavaVersion\.)?VERSION_(\d+(?:_\d+)?)\b/.exec(text)?.[1];
  if (named !== undefined) return named.replace('_', '.');
  const value = stringsOf(text)[0] ?? text;
  return /^\d+(?:\.\d+)*$/.test(value) ? value : undefined;
}
