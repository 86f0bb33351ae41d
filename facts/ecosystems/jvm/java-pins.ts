import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import { joinPath } from '../../path-index.ts';
import type { PlainFact } from '../../signal.ts';

/** A version of Java, as written, and how binding it is. */
export interface JavaPin {
  readonly value: string;
  readonly at: Evidence;
  readonly weight: number;
}

/** Files that pin Java for a person's shell: any build tool's plugin may ask. */
export const JAVA_PIN_FILES: readonly string[] = ['.sdkmanrc', '.java-version'];

/** Java as `.sdkmanrc` and `.java-version` of a folder pin it. */
export function* shellPins(repo: RepoView, dir: string): Iterable<PlainFact> {
  for (const name of JAVA_PIN_FILES) {
    const file = repo.file(joinPath(dir, name) ?? name);
    if (!file) continue;
    const pattern = name === '.sdkmanrc' ? /^[ \t]*java[ \t]*=[ \t]*([\w.+-]+)/ : /^[ \t]*([\w.+-]+)[ \t]*$/;
    const line = file.find(pattern);
    const value = line === undefined ? undefined : pattern.exec(file.lines.line(line))?.[1];
    if (line !== undefined && value) yield runtimeJava(dir, { value, at: file.at(line), weight: 3 });
  }
}

export function runtimeJava(dir: string, pin: JavaPin): PlainFact {
  return {
    kind: 'fact',
    key: 'runtime.java',
    value: pin.value,
    dir,
    source: 'config',
    evidence: [pin.at],
    weight: pin.weight,
  };
}
