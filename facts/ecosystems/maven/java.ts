import type { Evidence } from '../../fact.ts';
import type { PlainFact } from '../../signal.ts';
import { runtimeJava } from '../jvm/java-pins.ts';
import type { Pom } from './pom.ts';
import type { Project } from './projects.ts';

/** Where a POM says which Java it compiles for, the most binding first. */
const JAVA_PROPERTIES: readonly (readonly [string, number])[] = [
  ['maven.compiler.release', 2],
  ['java.version', 2],
  ['maven.compiler.source', 1],
  ['maven.compiler.target', 0],
  ['jdk.version', 0],
  ['javaVersion', 0],
];

/** The Java that a build compiles for, at the line that gives it. */
export function* javaVersion(project: Project): Iterable<PlainFact> {
  const { dir, root } = project;
  // A parent POM may be a module itself: what it sets is what the modules compile with.
  const poms = [root, ...project.modules.map(({ pom }) => pom).filter((pom) => pom.packaging === 'pom')];
  for (const pom of poms) {
    const compiler = pom.plugins.find((plugin) => plugin.name === 'maven-compiler-plugin' && !plugin.profile);
    const named = JAVA_PROPERTIES.map(([name, weight]) => [pom.properties.get(name), weight] as const);
    const configured = ['release', 'source'].map((option) => [compiler?.tree.get('configuration', option), 1] as const);
    for (const [found, weight] of [...named, ...configured]) {
      const text = found && 'value' in found ? String(found.value ?? '') : '';
      const pin = found && literal(text, pom.file.at(found.line), project.lineage(pom));
      if (!pin || !/^\d+(\.\d+)*$/.test(pin.value)) continue;
      yield runtimeJava(dir, { ...pin, weight });
      return;
    }
  }
}

const MAX_INDIRECTIONS = 5;

/** Follows `${java.version}` to the line that gives it a value; undefined where that is outside the repository. */
function literal(text: string, at: Evidence, lineage: readonly Pom[]): { value: string; at: Evidence } | undefined {
  let value = text.trim();
  let where = at;
  for (let i = 0; i < MAX_INDIRECTIONS && value.includes('$'); i++) {
    const name = /^\$\{([^${}]+)\}$/.exec(value)?.[1] ?? '';
    const owner = lineage.find((pom) => pom.properties.has(name));
    const property = owner?.properties.get(name);
    if (!owner || !property) return undefined;
    value = property.value;
    where = owner.file.at(property.line);
  }
  return value.includes('$') ? undefined : { value, at: where };
}
