import type { Tree } from '../../parse/tree.ts';
import { conditionHolds, type Known, ORDINARY, SOME, type Verdict } from '../ci-conditions.ts';
import type { Occasion } from '../ci-occasions.ts';
import type { Configuration } from './configuration.ts';
import { filledIn, type Parameters } from './parameters.ts';

/** Nobody nests them further, and they are read recursively. */
const MAX_DEPTH = 20;
const MAX_LENGTH = 5000;

/**
 * Whether a logic statement (`when`, `unless`, `condition`) holds. Statements are trees (`and`, `equal`, `matches`) or, of
 * late, texts; both say the same, so trees are written as texts.
 */
export function holds(condition: Tree | undefined, occasion: Occasion | undefined, scope: ConditionScope): Verdict {
  if (condition === undefined) return 'yes';
  return conditionHolds(asText(condition, scope.parameters, 0), {
    name: (name) => pipelineValue(name, occasion, scope.configuration),
  });
}

export interface ConditionScope {
  readonly configuration: Configuration;
  readonly parameters: Parameters;
}

function asText(condition: Tree, parameters: Parameters, depth: number): string {
  if (depth > MAX_DEPTH) return 'unknown';
  if (condition.kind === 'scalar') return textOf(condition, parameters);
  const parts = condition.entries().map(([operator, operand]) => {
    const inner = (tree: Tree): string => asText(tree, parameters, depth + 1);
    const all = operand.kind === 'list' ? operand.items().map(inner) : [inner(operand)];
    if (operator === 'and') return all.join(' && ');
    if (operator === 'or') return all.join(' || ');
    if (operator === 'not') return `!(${all.join(' && ')})`;
    if (operator === 'equal')
      return all
        .slice(1)
        .map((other) => `${all[0]} == ${other}`)
        .join(' && ');
    if (operator === 'matches') {
      const pattern = operand.get('pattern')?.text ?? '';
      return `${inner(operand.get('value') ?? operand)} =~ /${pattern.replaceAll('/', '\\/')}/`;
    }
    return '';
  });
  const text = parts.map((part) => `(${part})`).join(' && ');
  // Each operand of `equal` is written again: nested, that grows without end.
  return text.length > MAX_LENGTH ? 'unknown' : text;
}

const OPERATORS: Readonly<Record<string, string>> = { and: '&&', or: '||', not: '!' };

function textOf(scalar: Tree, parameters: Parameters): string {
  const text = filledIn(scalar.text ?? '', parameters)
    .replace(/^\$\{\{\s*|\s*\}\}$/g, '')
    .trim();
  if (/^pipeline\.[\w.-]+$/.test(text)) return text;
  if (/^(?:true|false)$/.test(text)) return text;
  if (/^pipeline\.|\bpipeline\.[\w.]+ *(?:==|!=|=~)/.test(text))
    return text.replace(/\b(?:and|or|not)\b/g, (word) => OPERATORS[word]!);
  return text.includes('${{') ? 'unknown' : `"${text.replaceAll('"', '')}"`;
}

/** https://circleci.com/docs/variables/ : "Pipeline values". What is not told apart here may be anything. */
function pipelineValue(name: string, occasion: Occasion | undefined, { tree, continued }: Configuration): Known {
  if (name.startsWith('pipeline.parameters.')) {
    // Whoever sets them by hand asks for something out of the ordinary; a set-up workflow sets them always.
    const fallback = tree.get('parameters', name.slice('pipeline.parameters.'.length), 'default');
    if (continued || fallback === undefined || occasion?.trigger === 'manual') return undefined;
    return typeof fallback.value === 'boolean' ? fallback.value : fallback.text;
  }
  if (occasion === undefined) return undefined;
  switch (name) {
    case 'pipeline.git.branch':
      return occasion.branch ?? '';
    case 'pipeline.git.tag':
      return occasion.tag ?? '';
    case 'pipeline.git.branch.is_default':
      return occasion.branch !== ORDINARY && occasion.branch !== null;
    case 'pipeline.trigger_source':
      if (occasion.trigger === 'schedule') return 'scheduled_pipeline';
      return occasion.trigger === 'manual' ? 'api' : 'webhook';
    case 'pipeline.schedule.name':
      return occasion.trigger === 'schedule' ? SOME : '';
    default:
      return undefined;
  }
}
