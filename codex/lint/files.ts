import { CheckError } from '../checks/kind.ts';
import { compileRegex } from '../checks/regex.ts';
import type { CodexProblem } from '../codex.ts';
import { MANIFEST_PATH } from '../read-codex.ts';
import type { Found, Lint } from './lint.ts';
import { idOfFile, type World } from './world.ts';

const unreadable: Lint = {
  id: 'CDX101',
  name: 'unreadable-rule',
  severity: 'error',
  title: 'A rule whose file or front matter cannot be read.',
  why: 'The rule is left out: nobody is held to it and nobody is told. Front matter in a language other than YAML is never run.',
  *find(world) {
    for (const problem of world.files.codex.problems)
      if (problem.kind === undefined || problem.kind === 'front-matter' || problem.kind === 'unread')
        yield asFound(problem);
    for (const page of world.files.pages.keys()) {
      const id = idOfFile(page);
      if (id !== undefined)
        yield { file: page, line: 1, message: `no front matter: ${id} is the name of a rule, which begins with "---"` };
    }
  },
};

const setting: Lint = {
  id: 'CDX102',
  name: 'invalid-setting',
  severity: 'error',
  title: 'A setting of a rule that is unknown, missing, or has a value it cannot have.',
  why: 'The rule is left out, or what was meant is not what is done.',
  *find(world) {
    yield* problems(world, 'setting');
  },
};

const manifest: Lint = {
  id: 'CDX103',
  name: 'invalid-manifest',
  severity: 'error',
  title: 'A mistake in codex.yaml.',
  why: 'The defaults are used in its place: IDs are not held to the pattern, links lead nowhere.',
  *find(world) {
    yield* problems(world, 'manifest');
    const { idPattern } = world.files.codex.manifest;
    const refused = idPattern === undefined ? undefined : refusedExpression(idPattern, 'id-pattern');
    if (refused !== undefined) yield { file: MANIFEST_PATH, line: 1, message: refused };
  },
};

const fileName: Lint = {
  id: 'CDX104',
  name: 'file-name',
  severity: 'error',
  title: 'A rule whose file is not named by its ID.',
  why: 'A rule is found by its ID; two files for one ID are noticed at once where the ID is the name.',
  *find({ files }) {
    for (const { rule, lineOf } of files.read) {
      const name = rule.file.replace(/^.*\//, '');
      if (name !== `${rule.id}.md`)
        yield { file: rule.file, line: lineOf(['id']), message: `the file of ${rule.id} must be named ${rule.id}.md` };
    }
  },
};

const duplicate: Lint = {
  id: 'CDX105',
  name: 'duplicate-id',
  severity: 'error',
  title: 'An ID that two rules have.',
  why: 'A citation of it can mean either.',
  *find(world) {
    yield* problems(world, 'duplicate');
  },
};

const pattern: Lint = {
  id: 'CDX106',
  name: 'id-pattern',
  severity: 'error',
  title: 'An ID that does not match the id-pattern of codex.yaml.',
  why: 'The pattern says which IDs the codex gives away.',
  *find({ files: { codex }, rules }) {
    const { idPattern } = codex.manifest;
    if (idPattern === undefined || refusedExpression(idPattern, 'id-pattern') !== undefined) return;
    const expected = compileRegex(`^(?:${idPattern})$`, 'id-pattern');
    for (const { rule, lineOf } of rules)
      if (!expected.test(rule.id))
        yield {
          file: rule.file,
          line: lineOf(['id']),
          message: `${rule.id} does not match the id-pattern of ${MANIFEST_PATH}: ${idPattern}`,
        };
  },
};

export const FILE_LINTS: readonly Lint[] = [unreadable, setting, manifest, fileName, duplicate, pattern];

/** Why an expression is not taken, with its name in front; `undefined` where it is. */
export function refusedExpression(expression: string, what: string): string | undefined {
  try {
    compileRegex(expression, what);
    return undefined;
  } catch (error) {
    if (error instanceof CheckError) return error.message;
    throw error;
  }
}

function* problems({ files }: World, kind: CodexProblem['kind']): Iterable<Found> {
  for (const problem of files.codex.problems) if (problem.kind === kind) yield asFound(problem);
}

function asFound({ file, line = 1, message }: CodexProblem): Found {
  return { file, line, message };
}
