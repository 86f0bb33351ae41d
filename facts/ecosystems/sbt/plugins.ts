import type { RepoView } from '../../ecosystem.ts';
import type { Purpose } from '../../fact.ts';
import { joinPath } from '../../path-index.ts';
import type { Signal } from '../../signal.ts';
import { stringsOf } from '../jvm/code-lines.ts';
import type { SbtScript } from './script.ts';
import type { Say } from './speaker.ts';

/** sbt plugins by artifact: their tasks are from each plugin's own documentation. */
const PLUGINS: readonly {
  readonly name: RegExp;
  readonly facts: readonly (readonly ['linter' | 'formatter', string])[];
  readonly tasks: readonly (readonly [Purpose, string, number])[];
}[] = [
  {
    name: /^sbt-scalafmt$/,
    facts: [['formatter', 'scalafmt']],
    tasks: [
      ['format', 'scalafmtAll', 0],
      ['lint', 'scalafmtCheckAll', 0],
    ],
  },
  {
    name: /^sbt-scalafix$/,
    facts: [['linter', 'scalafix']],
    tasks: [
      ['lint', '"scalafixAll --check"', -1],
      ['format', 'scalafixAll', -1],
    ],
  },
  {
    name: /^sbt-java-formatter$/,
    facts: [['formatter', 'google-java-format']],
    tasks: [
      ['format', 'javafmtAll', -2],
      ['lint', 'javafmtCheckAll', -2],
    ],
  },
  { name: /^scalastyle-sbt-plugin$/, facts: [['linter', 'scalastyle']], tasks: [['lint', 'scalastyle', 0]] },
  { name: /^sbt-wartremover$/, facts: [['linter', 'wartremover']], tasks: [] },
  { name: /^sbt-revolver$/, facts: [], tasks: [['run', 'reStart', 0]] },
  { name: /^sbt-plugin$/, facts: [], tasks: [['run', 'run', 1]] },
];

/** Formatters, linters and servers that plugins bring. */
export function* pluginTools(repo: RepoView, dir: string, scripts: readonly SbtScript[], say: Say): Iterable<Signal> {
  const seen = new Set<string>();
  for (const { file, lines } of scripts) {
    for (const [index, { code }] of lines.entries()) {
      if (!code.includes('addSbtPlugin')) continue;
      const [group, name] = stringsOf(code);
      // `sbt-plugin` alone says little: Play's is the one that starts a server.
      const known = PLUGINS.find(
        (plugin) => plugin.name.test(name ?? '') && (name !== 'sbt-plugin' || /play/.test(group ?? '')),
      );
      if (!known || !name || seen.has(name)) continue;
      seen.add(name);
      const at = file.at(index + 1);
      for (const [key, value] of known.facts) yield { kind: 'fact', key, value, dir, source: 'config', evidence: [at] };
      for (const [purpose, task, weight] of known.tasks) yield say(purpose, task, at, 'config', weight);
    }
  }
  // Umbrella plugins bring scalafmt and scalafix too; their own configuration files prove it.
  const scalafmt = repo.file(joinPath(dir, '.scalafmt.conf') ?? '.scalafmt.conf');
  const line = scalafmt?.find(/\S/);
  if (!scalafmt || !line || seen.has('sbt-scalafmt')) return;
  yield { kind: 'fact', key: 'formatter', value: 'scalafmt', dir, source: 'config', evidence: [scalafmt.at(line)] };
  for (const { file, lines } of scripts) {
    const index = lines.findIndex(({ code }) =>
      /addSbtPlugin.*"(?:sbt-typelevel(-settings)?"|[\w-]+-scalafmt")/.test(code),
    );
    if (index < 0) continue;
    const evidence = file.at(index + 1);
    yield say('format', 'scalafmtAll', evidence, 'convention', 1);
    yield say('lint', 'scalafmtCheckAll', evidence, 'convention', 1);
    return;
  }
}
