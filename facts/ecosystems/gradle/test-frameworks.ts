import type { Evidence } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import { isSecondary } from '../jvm/secondary.ts';
import { testFrameworkOf } from '../jvm/test-framework.ts';
import { type Build, scriptsOf } from './builds.ts';

const IN_TESTS = 4;
/** A library may offer support for a framework without using it. */
const ELSEWHERE = 1;
const ENGINE = 2;
const SECONDARY_SHARE = 0.25;

/** The frameworks of a build, the one that most scripts use first. */
export function* testFrameworks(build: Build): Iterable<Signal> {
  const found = new Map<string, { score: number; best: number; at: Evidence }>();
  const count = (name: string, score: number, at: Evidence): void => {
    const known = found.get(name) ?? { score: 0, best: 0, at };
    found.set(name, {
      score: known.score + score,
      best: Math.max(score, known.best),
      at: score > known.best ? at : known.at,
    });
  };
  const scripts = scriptsOf(build);
  for (const { script, module } of scripts) {
    const seen = new Map<string, { score: number; line: number }>();
    for (const { module: library, line, test } of script.libraries) {
      const name = testFrameworkOf(library);
      const score = (test ? IN_TESTS : ELSEWHERE) * (module && isSecondary(module.dir) ? SECONDARY_SHARE : 1);
      if (name !== undefined && (seen.get(name)?.score ?? 0) < score) seen.set(name, { score, line });
    }
    for (const [name, { score, line }] of seen) count(name, score, script.file.at(line));
  }
  const libraries = new Set(found.keys());
  for (const { script } of scripts) {
    const index = script.lines.findIndex(({ code }) =>
      /\buseJUnit(?:Platform|Jupiter)?\(|\buseJUnitPlatform\b|\buseTestNG\b/.test(code),
    );
    const code = script.lines[index]?.code ?? '';
    if (code === '') continue;
    const name = code.includes('useTestNG') ? 'testng' : /useJUnit\(/.test(code) ? 'junit4' : 'junit5';
    // `useJUnitPlatform` also runs Kotest and Spock: it speaks for JUnit 5 only where nothing else does.
    if (!code.includes('useJUnitPlatform') || libraries.size === 0 || libraries.has(name))
      count(name, ENGINE, script.file.at(index + 1));
  }
  const ranked = [...found].sort((a, b) => b[1].score - a[1].score);
  for (const [index, [value, { at }]] of ranked.entries()) {
    yield {
      kind: 'fact',
      key: 'test-framework',
      value,
      dir: build.dir,
      source: 'config',
      evidence: [at],
      weight: ranked.length - index,
    };
  }
}
