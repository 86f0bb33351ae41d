import type { Evidence } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import { command, plain } from '../native/leads.ts';
import { baseName, type GoModule } from './modules.ts';

/** Libraries and runners that tests are written with or started by, by the module that brings them. */
const FRAMEWORKS: readonly (readonly [RegExp, string])[] = [
  [/^github\.com\/stretchr\/testify$/, 'testify'],
  [/^github\.com\/onsi\/ginkgo(?:\/v2)?$/, 'ginkgo'],
  [/^gotest\.tools\/gotestsum$/, 'gotestsum'],
  [/^gopkg\.in\/check\.v1$/, 'gocheck'],
  [/^github\.com\/smartystreets\/goconvey$/, 'goconvey'],
  [/^github\.com\/frankban\/quicktest$/, 'quicktest'],
];

/** Test libraries that go.mod itself asks for; what only other modules need is marked `// indirect`. */
export function* testFrameworks(module: GoModule): Iterable<Signal> {
  for (const { verb, words, comment, line } of module.statements) {
    if ((verb !== 'require' && verb !== 'tool') || /^indirect\b/.test(comment)) continue;
    const found = FRAMEWORKS.find(([pattern]) => pattern.test(words[0] ?? ''));
    if (found) yield plain('test-framework', found[1], module.dir, module.file.at(line), { weight: -1 });
  }
}

/** The `tool` lines of go.mod (Go 1.24): name and place of what `go tool <name>` runs. */
export function goTools(module: Pick<GoModule, 'statements' | 'file'>): ReadonlyMap<string, Evidence> {
  const tools = new Map<string, Evidence>();
  for (const { verb, words, line } of module.statements) {
    if (verb === 'tool' && words[0] !== undefined) tools.set(baseName(words[0]), module.file.at(line));
  }
  return tools;
}

/** What those tools are for, where their name alone says how they are run. */
export function* toolCommands(module: GoModule): Iterable<Signal> {
  for (const [name, line] of goTools(module)) {
    const say = KNOWN_TOOLS.get(name);
    if (!say) continue;
    const [purpose, args, key] = say;
    yield command(purpose, `go tool ${name} ${args}`, module.dir, line, { source: 'config', weight: -1 });
    if (key) yield plain(key, name, module.dir, line);
  }
}

type Known = readonly [purpose: 'test' | 'format' | 'lint', words: string, key?: 'formatter' | 'linter'];

const KNOWN_TOOLS: ReadonlyMap<string, Known> = new Map<string, Known>([
  ['gotestsum', ['test', './...']],
  ['ginkgo', ['test', './...']],
  ['gofumpt', ['format', '-w .', 'formatter']],
  ['goimports', ['format', '-w .', 'formatter']],
  ['staticcheck', ['lint', './...', 'linter']],
  ['revive', ['lint', './...', 'linter']],
]);
