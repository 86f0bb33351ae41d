import { CheckError, type FileCheck, type Hit, type RepositoryCheck, UnavailableError } from '../checks/kind.ts';
import { prepareCheck } from '../checks/kinds.ts';
import { byPathsAlone, impossibleExample, runExample } from '../examples.ts';
import { globs } from '../globs.ts';
import { type Example, isRetired, type Rule, type Scope } from '../rule.ts';
import { syntaxError } from './syntax.ts';

/** What a rule's check does on its own examples. */
export interface Proof {
  /** Ready to run; absent where there is none, or one for a model. */
  readonly check?: FileCheck | RepositoryCheck;
  /** Why it can never run. */
  readonly refused?: string;
  /** Why it cannot run on this machine. */
  readonly unavailable?: string;
  readonly examples: readonly ProvedExample[];
}

/** An example that has a flaw is not run: it would prove nothing. */
export interface ProvedExample {
  readonly kind: 'bad' | 'good';
  /** From 0. */
  readonly index: number;
  readonly example: Example;
  readonly flaw?: { readonly kind: 'impossible' | 'syntax'; readonly message: string };
  /** Why the rule's paths leave it out. A good example may show that; the check does not look at it. */
  readonly outside?: string;
  /** Absent where there is a flaw or nothing to run. */
  readonly hits?: readonly Hit[];
}

/** Runs a rule's check over its examples. A tombstone has nothing to prove. */
export async function prove(rule: Rule): Promise<Proof> {
  if (isRetired(rule)) return { examples: [] };
  const state = await readyCheck(rule);
  const { check } = state;
  const own = byPathsAlone(rule);
  const examples: ProvedExample[] = [];
  for (const kind of ['bad', 'good'] as const) {
    for (const [index, example] of rule.examples[kind].entries()) {
      const flaw = await flawOf(example);
      const outside = check?.over === 'files' && !flaw ? outsideOf(rule.appliesTo, example) : undefined;
      const proved = { kind, index, example, ...(flaw ? { flaw } : {}), ...(outside ? { outside } : {}) };
      if (flaw || !check) examples.push(proved);
      else {
        const { hits } = await runExample([own], example, async () => check);
        examples.push({ ...proved, hits });
      }
    }
  }
  return { ...state, examples };
}

async function readyCheck(rule: Rule): Promise<Pick<Proof, 'check' | 'refused' | 'unavailable'>> {
  try {
    const check = await prepareCheck(rule);
    return check === undefined ? {} : { check };
  } catch (error) {
    if (error instanceof CheckError) return { refused: error.message };
    if (error instanceof UnavailableError) return { unavailable: error.message };
    throw error;
  }
}

async function flawOf(example: Example): Promise<ProvedExample['flaw']> {
  const impossible = impossibleExample(example);
  if (impossible !== undefined) return { kind: 'impossible', message: impossible };
  for (const [path, text] of Object.entries(example.files)) {
    const error = await syntaxError(path, text);
    if (error !== undefined) return { kind: 'syntax', message: `${path}: ${error}` };
  }
  return undefined;
}

function outsideOf({ paths, notPaths }: Scope, { files }: Example): string | undefined {
  const named = Object.keys(files);
  const within = paths.length === 0 ? named : named.filter(globs(paths));
  if (named.length === 0) return undefined;
  if (within.length === 0) return `${named.join(', ')} is not within the rule's paths (${paths.join(', ')})`;
  const left = within.map((path) => ({ path, glob: notPaths.find((glob) => globs([glob])(path)) }));
  if (left.some(({ glob }) => glob === undefined)) return undefined;
  return left.map(({ path, glob }) => `${path} is within the rule's not-paths (${glob})`).join(', ');
}
