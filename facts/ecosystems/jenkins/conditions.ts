import { conditionHolds, type Known, ORDINARY } from '../ci-conditions.ts';
import { branchFits, type Occasion } from '../ci-occasions.ts';
import { type Block, type Call, isBlock } from './blocks.ts';

export function isWhen(name: string): boolean {
  return name === 'when';
}

/** Whether a `when` block may let an occasion in: all of its conditions have to. */
export function whenAllows(when: Block, occasion: Occasion): boolean {
  return all(when.body, occasion) !== false;
}

type Answer = boolean | undefined;

function all(parts: readonly (Call | Block)[], occasion: Occasion): Answer {
  const answers = parts.map((part) => answer(part, occasion));
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function any(parts: readonly (Call | Block)[], occasion: Occasion): Answer {
  const answers = parts.map((part) => answer(part, occasion));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) || answers.length === 0 ? undefined : false;
}

/** https://www.jenkins.io/doc/book/pipeline/syntax/#built-in-conditions */
function answer(part: Call | Block, occasion: Occasion): Answer {
  if (isBlock(part)) {
    if (part.call.name === 'expression')
      return part.body.length === 1 ? answerOf(saidBy(part.body[0]!), occasion) : undefined;
    if (part.call.name === 'anyOf') return any(part.body, occasion);
    if (part.call.name === 'allOf') return all(part.body, occasion);
    if (part.call.name === 'not') {
      const inner = all(part.body, occasion);
      return inner === undefined ? undefined : !inner;
    }
    return undefined;
  }
  const text = part.texts.get('')?.lines[0]?.text ?? part.texts.get('pattern')?.lines[0]?.text;
  switch (part.name) {
    case 'branch':
      // A pull request's branch is called `PR-1`.
      if (occasion.request) return text?.startsWith('PR-') ?? false;
      return (
        occasion.branch !== null &&
        (text === undefined ? undefined : branchFits({ only: [text], ignore: [] }, occasion))
      );
    case 'changeRequest':
      return occasion.request;
    case 'tag':
    case 'buildingTag':
      return occasion.branch === null;
    case 'triggeredBy':
      if (text !== 'TimerTrigger' && part.words.get('') !== 'TimerTrigger') return undefined;
      return occasion.trigger === 'schedule';
    // `beforeAgent true` is no condition.
    case 'beforeAgent':
    case 'beforeInput':
    case 'beforeOptions':
      return true;
    default:
      return undefined;
  }
}

function saidBy(part: Call | Block): string {
  return (isBlock(part) ? part.call : part).said.replace(/^return /, '');
}

/** Whether what stands in an `if (...)` may be true. */
export function mayRun(said: string, occasion: Occasion): boolean {
  const [, condition] = /\bif \( (.*) \)$/.exec(said) ?? [];
  return condition === undefined || answerOf(condition, occasion) !== false;
}

function answerOf(condition: string, occasion: Occasion): Answer {
  const verdict = conditionHolds(condition, { name: (name) => value(name, occasion), nullIsEmpty: true });
  return verdict === 'maybe' ? undefined : verdict === 'yes';
}

/** https://www.jenkins.io/doc/book/pipeline/multibranch/#additional-environment-variables */
function value(name: string, { request, branch, tag }: Occasion): Known {
  switch (name.replace(/^env\./, '')) {
    case 'BRANCH_NAME':
      return request ? ORDINARY : (branch ?? tag);
    case 'CHANGE_ID':
    case 'CHANGE_BRANCH':
      return request ? ORDINARY : null;
    case 'CHANGE_TARGET':
      return request ? undefined : null;
    case 'TAG_NAME':
      return tag;
    default:
      return undefined;
  }
}
