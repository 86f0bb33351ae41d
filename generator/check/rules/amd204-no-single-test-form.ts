import { SELECT } from '../../../facts/commands/flags.ts';
import { commandsOf, type SaidCommand } from '../../documents/commands.ts';
import { type CommandUse, useOf } from '../commands/purposes.ts';
import { readWith } from '../commands/reach.ts';
import type { Rule, World } from '../rule.ts';

/** One test after each change is quick; all of them are not. */
export const noSingleTestForm: Rule = {
  id: 'AMD204',
  name: 'no-single-test-form',
  severity: 'info',
  title: 'A document says how to run all tests, and not how to run one.',
  why: 'Agents that know no narrower command run the whole suite after every edit, or none.',
  source: 'https://opencode.ai/docs/rules/',
  *check(document, world) {
    let whole: SaidCommand | undefined;
    for (const other of readWith(document, world)) {
      for (const command of commandsOf(other)) {
        if (command.negated) continue;
        const use = useOf(command, world);
        if (!use.purposes.has('test') && !use.purposes.has('test-single')) continue;
        if (isNarrow(command, use)) return;
        if (other === document && isTest(use, command)) whole ??= command;
      }
    }
    const single = whole && singleForm(whole, world);
    if (!whole || single === undefined) return;
    yield {
      at: whole.piece,
      severity: 'info',
      message: `say how to run one test too: \`${single}\``,
    };
  },
};

/** `make check` may do anything; a command that tests is meant. */
function isTest({ purposes, reading }: CommandUse, { words }: SaidCommand): boolean {
  return (
    purposes.has('test') &&
    (reading?.purposes.test !== undefined || words.some((word) => /(?:^|[:_-])tests?(?:$|[:_-])/i.test(word)))
  );
}

/** It names a file, a folder, a package or a pattern. */
function isNarrow({ words, placeholders }: SaidCommand, { purposes, reading }: CommandUse): boolean {
  if (purposes.has('test-single') || placeholders.length > 0 || (reading !== undefined && reading.narrow >= 0.5))
    return true;
  return words
    .slice(1)
    .some(
      (word) =>
        SELECT.test(word) ||
        /^-{1,2}(?:only|name|case|file|match|spec|run|D?test)=?/i.test(word) ||
        /::|#|\.\w{1,5}(?::\d+)?$|\w\/\w/.test(word),
    );
}

/** What is known to work here, in the folder of the command or at the root. */
function singleForm({ dir }: SaidCommand, { survey }: World): string | undefined {
  const known = survey.facts.facts.filter(({ key }) => key === 'command.test-single');
  return (known.find((fact) => fact.dir === dir) ?? known.find((fact) => fact.dir === ''))?.value;
}
