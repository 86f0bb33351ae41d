import type { NapiConfig, SgNode } from '@ast-grep/napi';
import { didYouMean } from '../../../forge/nearest.ts';
import { languageOf } from '../../stack.ts';
import type { AstGrepCheck } from '../check.ts';
import { subjectOf, unjudged } from '../hit.ts';
import { CheckError, type CheckKind, type Hit, type ScannedFile } from '../kind.ts';
import { compileRegex } from '../regex.ts';
import { forAscii, isAscii } from './ascii.ts';
import { AST_GREP_LANGUAGES, type Grammar, grammarFor } from './grammars.ts';
import { isKeyword } from './keywords.ts';
import { DEEPEST_CODE, isTooDeep } from './nesting.ts';
import { depthMattersFrom, type Part, partsOf } from './parts.ts';
import { brokenPart, patternTree } from './pattern.ts';
import { requiredLiterals } from './prefilter.ts';

/** Structure of code, matched by ast-grep. TypeScript rules hold for `.tsx` as well, with the grammar of those files. */
export const astGrep: CheckKind<AstGrepCheck> = {
  async prepare(check, rule) {
    try {
      return await ready(check);
    } catch (error) {
      throw error instanceof CheckError ? new CheckError(`${rule.id}: ${error.message}`) : error;
    }
  },
};

async function ready(check: AstGrepCheck): ReturnType<CheckKind['prepare']> {
  const parts = partsOf(check);
  const config = configOf(check);
  const grammars = new Map<string, Grammar>();
  for (const name of check.language) {
    if (!AST_GREP_LANGUAGES.includes(name))
      throw new CheckError(`ast-grep has no language ${JSON.stringify(name)}${didYouMean(name, AST_GREP_LANGUAGES)}`);
    const grammar = await grammarFor(name);
    assertUsable(config, parts, name, grammar);
    grammars.set(name === 'bash' ? 'shell' : name, grammar);
  }
  if (grammars.has('typescript') && !grammars.has('tsx')) {
    const tsx = await grammarFor('tsx');
    if (isUsable(config, parts, tsx)) grammars.set('tsx', tsx);
  }
  const derived = requiredLiterals(check, [...grammars.values()], true);
  const keywords = derived.filter((group) => group.some(isKeyword));
  const pattern =
    check.prefilterPattern === undefined ? undefined : compileRegex(check.prefilterPattern, 'prefilter-pattern');
  const [first] = grammars.values();
  const ascii = first ? forAscii(config, first) : config;
  const depthMatters = depthMattersFrom(parts);
  return {
    over: 'files',
    wants: (path) => grammars.has(grammarOf(path) ?? ''),
    prefilter: check.prefilter ? [check.prefilter, ...derived] : derived,
    ...(pattern === undefined ? {} : { mayBreak: (text) => !pattern.isBearable(text) || pattern.test(text) }),
    async ahead(file) {
      const name = grammarOf(file.path)!;
      await file.onceAhead?.(`syntax:${name}`, async () => (await grammars.get(name)!.parseAhead(file.text)).root());
    },
    inspect(file) {
      if (!keywords.every((group) => group.some((literal) => file.text.includes(literal)))) return [];
      const name = grammarOf(file.path)!;
      const root = file.once(`syntax:${name}`, () => grammars.get(name)!.parse(file.text).root());
      if (file.text.length >= depthMatters && file.once(`deep:${name}`, () => isTooDeep(root)))
        return unjudged(file, `code nested more than ${DEEPEST_CODE} levels deep; rules that look around leave it out`);
      const fitting = file.once('ascii', () => isAscii(file.text)) ? ascii : config;
      return root.findAll(fitting).map((node) => hitOf(node, file, check.message));
    },
  };
}

function configOf({ rule, constraints, utils }: AstGrepCheck): NapiConfig {
  return {
    rule,
    ...(constraints === undefined ? {} : { constraints }),
    ...(utils === undefined ? {} : { utils }),
  } as unknown as NapiConfig;
}

/** The language of a file, where `.tsx` has a grammar of its own. */
export function grammarOf(path: string): string | undefined {
  const ending = /\.(tsx|html?|css|ya?ml|json|toml|sql)$/i.exec(path)?.[1]?.toLowerCase();
  if (ending === undefined) return languageOf(path);
  return ending === 'htm' ? 'html' : ending === 'yml' ? 'yaml' : ending;
}

/** @throws {CheckError} where ast-grep refuses the rule, or takes it though it can match nothing. */
function assertUsable(config: NapiConfig, parts: readonly Part[], language: string, grammar: Grammar): void {
  try {
    grammar.parse('').root().findAll(config);
  } catch (error) {
    throw new CheckError(`ast-grep refuses the rule for ${language}: ${reasonOf(error)}`);
  }
  for (const { rule, where } of parts) {
    const tree = rule.pattern === undefined ? undefined : patternTree(rule.pattern, grammar);
    const broken = tree && brokenPart(tree);
    if (broken !== undefined)
      throw new CheckError(
        `${where}.pattern is no ${language}: ${JSON.stringify(subjectOf(broken))} does not parse; ` +
          'write code that stands by itself, or give `context` and `selector`',
      );
  }
}

function isUsable(config: NapiConfig, parts: readonly Part[], grammar: Grammar): boolean {
  try {
    assertUsable(config, parts, '', grammar);
    return true;
  } catch (error) {
    if (error instanceof CheckError) return false;
    throw error;
  }
}

/** ast-grep gives offsets in UTF-16, and takes a lone CR for no line end. */
function hitOf(node: SgNode, { path, lines }: ScannedFile, message: string | undefined): Hit {
  const { start, end } = node.range();
  const line = lines.lineAt(start.index);
  const endLine = lines.lineAt(end.index);
  return {
    path,
    line,
    column: start.index - lines.startOf(line) + 1,
    endLine,
    endColumn: end.index - lines.startOf(endLine) + 1,
    subject: subjectOf(node.text()),
    ...(message === undefined ? {} : { message }),
  };
}

/** The innermost cause of ast-grep's message, which is a chain over several lines. */
function reasonOf(error: unknown): string {
  const lines = (error as Error).message.split('\n').map((line) => line.replace(/^[\s|>-]+/, '').trim());
  return lines.filter(Boolean).at(-1) ?? 'unknown reason';
}
