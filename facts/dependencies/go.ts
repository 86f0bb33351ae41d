import { ecosystem } from '../ecosystem.ts';
import { modStatements } from '../ecosystems/go/mod-file.ts';
import { declared } from './declared.ts';

/** go.mod: what it requires is what is built with, there is no range. A `tool` and what only tests use are not told apart. */
export const goDependencies = ecosystem({
  id: 'go-dependencies',
  title: 'Dependencies of go.mod',
  files: ['go.mod'],
  *detect(repo) {
    for (const file of repo.files) {
      const statements = modStatements(file);
      const tools = new Set(statements.flatMap(({ verb, words }) => (verb === 'tool' ? (words[0] ?? []) : [])));
      for (const { verb, words, comment, line } of statements) {
        const [name, version] = words;
        if (verb !== 'require' || name === undefined || version === undefined) continue;
        const dev = [...tools].some((tool) => tool === name || tool.startsWith(`${name}/`));
        const indirect = /(?:^|;)\s*indirect\b/.test(comment) && !dev;
        yield declared('go', file, line, { name, range: version, dev, indirect });
      }
    }
  },
});
