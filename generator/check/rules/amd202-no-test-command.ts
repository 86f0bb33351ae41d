import { commandsOf } from '../../documents/commands.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { spansOf } from '../../documents/spans.ts';
import { useOf } from '../commands/purposes.ts';
import { readWith, speaksFirst } from '../commands/reach.ts';
import { pieceOfLine } from '../piece.ts';
import type { Rule, World } from '../rule.ts';

/** What an agent runs after every change is the first thing it needs. */
export const noTestCommand: Rule = {
  id: 'AMD202',
  name: 'no-test-command',
  severity: 'warning',
  title: 'The repository has tests, and no document says how to run them.',
  why: 'Agents are expected to run the tests that the file names before they finish; without a command they guess or leave it out.',
  source: 'https://agents.md/',
  *check(document, world) {
    if (document.unparsed !== undefined || !speaksFirst(document, world)) return;
    const tests = world.survey.facts.facts.find(
      ({ key, dir }) => dir === document.dir && (key === 'command.test' || key === 'test-framework'),
    );
    if (!tests) return;
    if (readWith(document, world).some((other) => saysHowToTest(other, world))) return;
    const command = world.survey.facts.facts.find(({ key, dir }) => dir === document.dir && key === 'command.test');
    // Licences stand in comments.
    const first = document.tree.children.find(({ type }) => type !== 'html' && type !== 'yaml');
    yield {
      at: pieceOfLine(document, first?.position?.start.line ?? 1),
      severity: 'warning',
      message: `nothing here says how to run the tests${command ? `: add \`${command.value}\`` : `, which are there (${tests.value})`}`,
    };
  },
};

function saysHowToTest(document: AgentDocument, world: World): boolean {
  return (
    commandsOf(document).some((command) => {
      const { purposes } = useOf(command, world);
      return !command.negated && (purposes.has('test') || purposes.has('test-single'));
    }) || leadsThere(document)
  );
}

/** What is written in another notation, or stands in a file that it points at, is not missed here. */
function leadsThere(document: AgentDocument): boolean {
  return spansOf(document).some(
    ({ kind, text, place }) =>
      ((kind === 'code' || kind === 'block') &&
        /(?:^|[\s:_/-])(?:tests?|spec|check|verify)(?:$|[\s:_/.-])/i.test(text)) ||
      (kind === 'link' && /test|contribut|develop/i.test(`${text} ${place.around}`)) ||
      /^@[\w./-]+\.md\b/.test(text),
  );
}
