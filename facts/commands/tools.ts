import type { ToolRule } from './tool-rule.ts';
import { COMMON_TOOLS } from './tool-tables/any.ts';
import { BAZEL_TOOLS } from './tool-tables/bazel.ts';
import { BEAM_TOOLS } from './tool-tables/beam.ts';
import { DART_TOOLS } from './tool-tables/dart.ts';
import { DOTNET_TOOLS } from './tool-tables/dotnet.ts';
import { GO_TOOLS } from './tool-tables/go.ts';
import { INFRASTRUCTURE_TOOLS } from './tool-tables/infrastructure.ts';
import { JAVASCRIPT_TOOLS } from './tool-tables/javascript.ts';
import { JVM_TOOLS } from './tool-tables/jvm.ts';
import { NATIVE_TOOLS } from './tool-tables/native.ts';
import { PHP_TOOLS } from './tool-tables/php.ts';
import { PYTHON_TOOLS } from './tool-tables/python.ts';
import { RUBY_TOOLS } from './tool-tables/ruby.ts';
import { RUST_TOOLS } from './tool-tables/rust.ts';
import { SWIFT_TOOLS } from './tool-tables/swift.ts';

export type { ToolRule } from './tool-rule.ts';

const TOOL_RULES: readonly ToolRule[] = [
  ...COMMON_TOOLS,
  ...BAZEL_TOOLS,
  ...BEAM_TOOLS,
  ...DART_TOOLS,
  ...DOTNET_TOOLS,
  ...GO_TOOLS,
  ...INFRASTRUCTURE_TOOLS,
  ...JAVASCRIPT_TOOLS,
  ...JVM_TOOLS,
  ...NATIVE_TOOLS,
  ...PHP_TOOLS,
  ...PYTHON_TOOLS,
  ...RUBY_TOOLS,
  ...RUST_TOOLS,
  ...SWIFT_TOOLS,
].map(([words, purposes, more]) => {
  const parts = words.split(' ');
  return { tool: more?.tool ?? parts[0]!, words: parts, purposes, ...more };
});

const BY_PROGRAM = Map.groupBy(TOOL_RULES, (rule) => rule.words[0]!);

/** Every program that some rule knows. */
export function programsKnown(): Iterable<string> {
  return BY_PROGRAM.keys();
}

/** The rule that fits a command best. The program may be written with a path: `./node_modules/.bin/eslint`. */
export function toolRule(words: readonly string[]): ToolRule | undefined {
  const program = (words[0] ?? '').replace(/^.*\/(?=[^/]+$)/, '');
  // `python site/manage.py test`: the script is the same wherever it lies.
  const second = words[1]?.endsWith('/manage.py') ? 'manage.py' : words[1];
  const rules = BY_PROGRAM.get(words[0] ?? '') ?? BY_PROGRAM.get(program);
  let best: ToolRule | undefined;
  for (const rule of rules ?? []) {
    if (rule.alone && words.slice(rule.words.length).some((word) => !word.startsWith('-'))) continue;
    if (
      rule.words.length > (best?.words.length ?? 0) &&
      rule.words.every((word, i) => i === 0 || (i === 1 ? second : words[i]) === word)
    )
      best = rule;
  }
  return best;
}
