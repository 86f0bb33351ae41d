import type { NapiConfig, SgNode } from '@ast-grep/napi';
import { languageOf } from '../../stack.ts';
import type { AstGrepCheck } from '../check.ts';
import { CheckError, type CheckKind, type Hit, type ScannedFile } from '../kind.ts';
import { parserOf } from './grammars.ts';
import { requiredLiterals } from './prefilter.ts';

/** A subject is its first line, so far. */
const LONGEST_SUBJECT = 120;

/** Structure of code, matched by ast-grep. TypeScript rules hold for `.tsx` as well, with the grammar of those files. */
export const astGrep: CheckKind<AstGrepCheck> = {
  async prepare(check, rule) {
    const config = {
      rule: check.rule,
      ...(check.constraints === undefined ? {} : { constraints: check.constraints }),
      ...(check.utils === undefined ? {} : { utils: check.utils }),
    } as unknown as NapiConfig;
    const grammars = check.language.flatMap((name) => (name === 'typescript' ? ['typescript', 'tsx'] : [name]));
    const parsers = new Map(await Promise.all(grammars.map(async (name) => [name, await parserOf(name)] as const)));
    try {
      for (const parse of parsers.values()) parse('').root().findAll(config);
    } catch (error) {
      throw new CheckError(`${rule.id}: ast-grep refuses the rule: ${reasonOf(error)}`);
    }
    return {
      over: 'files',
      wants: (path) => parsers.has(grammarOf(path) ?? ''),
      prefilter: check.prefilter ? [check.prefilter] : requiredLiterals(check),
      inspect(file) {
        const grammar = grammarOf(file.path)!;
        const root = file.once(`syntax:${grammar}`, () => parsers.get(grammar)!(file.text).root());
        return root.findAll(config).map((node) => hitOf(node, file, check.message));
      },
    };
  },
};

/** The language of a file, where `.tsx` has a grammar of its own. */
function grammarOf(path: string): string | undefined {
  return /\.tsx$/i.test(path) ? 'tsx' : languageOf(path);
}

function hitOf(node: SgNode, { path }: ScannedFile, message: string | undefined): Hit {
  const { start, end } = node.range();
  const [first = ''] = node.text().split(/[\r\n]/, 1);
  return {
    path,
    line: start.line + 1,
    column: start.column + 1,
    endLine: end.line + 1,
    endColumn: end.column + 1,
    subject: first.slice(0, LONGEST_SUBJECT),
    ...(message === undefined ? {} : { message }),
  };
}

/** The innermost cause of ast-grep's message, which is a chain over several lines. */
function reasonOf(error: unknown): string {
  const lines = (error as Error).message.split('\n').map((line) => line.replace(/^[\s|>-]+/, '').trim());
  return lines.filter(Boolean).at(-1) ?? 'unknown reason';
}
