import { describe, expect, it } from 'vitest';
import { makeCodex } from '../../../codex/testing/make-codex.ts';
import { found } from '../testing/fixtures.ts';
import { inapplicableCodexId as rule } from './amd504-inapplicable-codex-id.ts';

const CODEX = makeCodex(
  { id: 'JV-1', title: 'Close streams', appliesTo: { languages: ['java'] } },
  { id: 'WEB-1', title: 'Escape what is shown', appliesTo: { frameworks: ['express'] } },
  { id: 'ALL-1' },
  { id: 'CAT-1', appliesTo: { catalog: { lifecycle: ['production'] } } },
);
const said = async (text: string, files = {}) =>
  (await found(rule, text, files, undefined, CODEX)).map(({ message }) => message);

describe('AMD504 inapplicable-codex-id', () => {
  it('says what is missing', async () => {
    expect(await said('- x (Codex: JV-1, WEB-1)\n')).toEqual([
      'JV-1 ("Close streams") does not apply here: no java here',
      'WEB-1 ("Escape what is shown") does not apply here: no express among the dependencies',
    ]);
  });

  it('is silent where the rule applies, or nobody can tell', async () => {
    const files = { 'src/Main.java': 'class Main {}', 'package.json': '{"dependencies": {"express": "5"}}' };
    expect(await said('- x (Codex: JV-1, WEB-1, ALL-1, CAT-1)\n', files)).toEqual([]);
  });
});
