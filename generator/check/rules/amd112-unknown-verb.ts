import leven from 'leven';
import { closedVerbs } from '../../../facts/commands/closed-verbs.ts';
import { commandsOf, type SaidCommand } from '../../documents/commands.ts';
import { targetIndex } from '../commands/target-index.ts';
import type { Found, Rule } from '../rule.ts';

/** `bazel mode show_repo`, `npm lint`: the program has no such command. */
export const unknownVerb: Rule = {
  id: 'AMD112',
  name: 'unknown-verb',
  severity: 'error',
  title: 'A command gives a program a verb that it does not have.',
  why: 'It never works, on any machine; an agent that copies it loses a turn.',
  source: 'https://bazel.build/reference/command-line-reference',
  *check(document, { survey }) {
    const scripts = targetIndex(survey).all('npm');
    for (const command of commandsOf(document)) {
      if (command.negated || !isTyped(command)) continue;
      const found = judged(command, (name) => scripts.some((set) => set.has(name)));
      if (found) yield found;
    }
  },
};

/** Prose begins with "go to" as well. */
function isTyped({ form, span }: SaidCommand): boolean {
  return form === 'inline' || !['', 'text', 'txt', 'plaintext'].includes(span.language ?? '');
}

function judged(command: SaidCommand, isScript: (name: string) => boolean): Found | undefined {
  const { words, placeholders, dynamic } = command;
  const [program = '', verb = ''] = words;
  const verbs = closedVerbs(program);
  if (!verbs || verbs.has(verb) || placeholders.includes(1) || dynamic[1] || !/^[a-z][a-z_:-]+$/.test(verb))
    return undefined;
  const at = command.at(0, 2);
  if (program === 'npm' && isScript(verb))
    return {
      at,
      severity: 'error',
      message: `npm has no command \`${verb}\`: a script is run with \`npm run ${verb}\``,
      replacement: `npm run ${verb}`,
    };
  const near = [...verbs].filter((each) => each.length > 2 && leven(each, verb) <= (verb.length < 6 ? 1 : 2));
  const [only] = near;
  return {
    at: near.length === 1 && words.length > 2 && isWord(words[2]!) ? command.at(0, 3) : at,
    severity: near.length > 0 ? 'error' : 'warning',
    message: `${program} has no command \`${verb}\`${
      near.length > 0
        ? `; the nearest: ${near
            .slice(0, 3)
            .map((each) => `\`${each}\``)
            .join(', ')}`
        : ''
    }`,
    ...(near.length === 1
      ? { replacement: [program, only!, ...(words.length > 2 && isWord(words[2]!) ? [words[2]!] : [])].join(' ') }
      : {}),
  };
}

/** A second verb, which belongs to the first. */
function isWord(word: string): boolean {
  return /^[a-z][a-z_-]+$/.test(word);
}
