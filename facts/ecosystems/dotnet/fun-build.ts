import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { plain } from '../native/leads.ts';
import { closing, isSign, isWord, type Lexis, sourceTokens, type Token } from '../native/source-tokens.ts';
import { taskOf } from './targets.ts';

/** F#: texts may go over lines; a character literal with a quote is blanked before. */
export const FSHARP: Lexis = {
  comment: '//',
  blockComments: false,
  quotes: [
    { quote: '"""', raw: true, manyLines: true },
    { quote: '"', raw: false, manyLines: true },
  ],
};

/** Fun.Build: pipelines of stages in an F# script. https://github.com/slaveOftime/Fun.Build */
export function* funBuild(repo: RepoView, direct: boolean): Iterable<Signal> {
  const file = repo.file('build.fsx');
  if (!file || !/\bFun\.Build\b/.test(file.text)) return;
  yield plain('build-system', 'fun.build', '', file.at(file.find('Fun.Build') ?? 1));
  const tokens = sourceTokens(blanked(file), FSHARP).filter(({ kind }) => kind !== 'comment');
  const stages = stageBlocks(tokens);
  for (let i = 0; i < tokens.length; i++) {
    const name = tokens[i + 1];
    if (!isWord(tokens[i], 'pipeline') || name?.kind !== 'text' || !isSign(tokens[i + 2], '{')) continue;
    const end = closing(tokens, i + 2);
    const block = tokens.slice(i + 3, end);
    // `runIfOnlySpecified false`: it is what runs when no pipeline is named.
    const usual = block.some((token, at) => isWord(token, 'runIfOnlySpecified') && isWord(block[at + 1], 'false'));
    const description = block.find((_, at) => isWord(block[at - 1], 'description') && block[at]?.kind === 'text')?.text;
    yield* taskOf(
      {
        runner: 'fun.build',
        name: name.text,
        run: usual ? 'dotnet fsi build.fsx' : `dotnet fsi build.fsx -- -p ${name.text}`,
        at: file.at(name.line),
        body: commands(block, stages),
        needs: [],
        description,
        hidden: !/^[\w.:-]+$/.test(name.text),
      },
      direct,
    );
    i = end;
  }
}

/** The text without comments in `(* *)`, and without characters that would open a text; of the same length. */
export function blanked(file: SourceFile): string {
  return file.text
    .replace(/'\\?"'/g, (found) => ' '.repeat(found.length))
    .replace(/\(\*(?!\))[\s\S]*?(?:\*\)|$)/g, (found) => (found.endsWith('*)') ? found.replace(/[^\n]/g, ' ') : found));
}

/** `let restore = stage "Restore" { ... }`, used in pipelines by its name. */
function stageBlocks(tokens: readonly Token[]): ReadonlyMap<string, readonly Token[]> {
  const blocks = new Map<string, readonly Token[]>();
  for (let i = 0; i + 5 < tokens.length; i++) {
    if (!isWord(tokens[i], 'let') || !isSign(tokens[i + 2], '=') || !isWord(tokens[i + 3], 'stage')) continue;
    if (isSign(tokens[i + 5], '{'))
      blocks.set(tokens[i + 1]!.text, tokens.slice(i + 6, closing(tokens, i + 5, MAX_BLOCK)));
  }
  return blocks;
}

const MAX_BLOCK = 2000;

/** The texts that stages `run`; what an F# function does is not known. */
function commands(
  block: readonly Token[],
  stages: ReadonlyMap<string, readonly Token[]>,
  seen: Set<string> = new Set(),
): readonly string[] {
  return block.flatMap((token, i): readonly string[] => {
    if (token.kind !== 'word') return [];
    const stage = seen.has(token.text) ? undefined : stages.get(token.text);
    seen.add(token.text);
    if (stage) return commands(stage, stages, seen);
    if (token.text !== 'run') return [];
    const next = block.slice(i + 1, i + 4).find((each) => !isSign(each, '$') && !isSign(each, '('));
    return next?.kind === 'text' ? next.text.replace(/\{[^{}\n]*\}/g, '$X').split('\n') : [];
  });
}
