import type { Purpose } from '../../fact.ts';

/** What a Maven plugin brings to the people who work on a repository. */
export interface MavenTool {
  readonly artifacts: readonly string[];
  readonly facts?: readonly { readonly key: 'linter' | 'formatter'; readonly value: string }[];
  readonly goals?: readonly { readonly purpose: Purpose; readonly goal: string; readonly weight?: number }[];
}

/** Goals are from each plugin's own documentation. */
export const TOOLS: readonly MavenTool[] = [
  {
    artifacts: ['spotless-maven-plugin'],
    facts: [{ key: 'formatter', value: 'spotless' }],
    goals: [
      { purpose: 'lint', goal: 'spotless:check' },
      { purpose: 'format', goal: 'spotless:apply' },
    ],
  },
  {
    artifacts: ['spring-javaformat-maven-plugin'],
    facts: [{ key: 'formatter', value: 'spring-javaformat' }],
    goals: [
      { purpose: 'lint', goal: 'spring-javaformat:validate' },
      { purpose: 'format', goal: 'spring-javaformat:apply' },
    ],
  },
  {
    artifacts: ['fmt-maven-plugin'],
    facts: [{ key: 'formatter', value: 'google-java-format' }],
    goals: [
      { purpose: 'lint', goal: 'fmt:check' },
      { purpose: 'format', goal: 'fmt:format' },
    ],
  },
  {
    artifacts: ['formatter-maven-plugin'],
    facts: [{ key: 'formatter', value: 'formatter-maven-plugin' }],
    goals: [
      { purpose: 'lint', goal: 'formatter:validate' },
      { purpose: 'format', goal: 'formatter:format' },
    ],
  },
  {
    artifacts: ['git-code-format-maven-plugin'],
    facts: [{ key: 'formatter', value: 'google-java-format' }],
    goals: [
      { purpose: 'lint', goal: 'git-code-format:validate-code-format' },
      { purpose: 'format', goal: 'git-code-format:format-code' },
    ],
  },
  {
    artifacts: ['ktlint-maven-plugin'],
    facts: [
      { key: 'linter', value: 'ktlint' },
      { key: 'formatter', value: 'ktlint' },
    ],
    goals: [
      { purpose: 'lint', goal: 'ktlint:check' },
      { purpose: 'format', goal: 'ktlint:format' },
    ],
  },
  {
    artifacts: ['maven-checkstyle-plugin'],
    facts: [{ key: 'linter', value: 'checkstyle' }],
    goals: [{ purpose: 'lint', goal: 'checkstyle:check' }],
  },
  {
    artifacts: ['maven-pmd-plugin'],
    facts: [{ key: 'linter', value: 'pmd' }],
    goals: [{ purpose: 'lint', goal: 'pmd:check', weight: -1 }],
  },
  {
    artifacts: ['spotbugs-maven-plugin'],
    facts: [{ key: 'linter', value: 'spotbugs' }],
    goals: [{ purpose: 'lint', goal: 'spotbugs:check', weight: -1 }],
  },
  {
    artifacts: ['scalafmt-maven-plugin', 'mvn-scalafmt_2.12', 'mvn-scalafmt_2.13'],
    facts: [{ key: 'formatter', value: 'scalafmt' }],
    goals: [{ purpose: 'format', goal: 'scalafmt:format' }],
  },
  {
    artifacts: ['scalastyle-maven-plugin'],
    facts: [{ key: 'linter', value: 'scalastyle' }],
    goals: [{ purpose: 'lint', goal: 'scalastyle:check' }],
  },
  {
    artifacts: ['impsort-maven-plugin'],
    goals: [
      { purpose: 'lint', goal: 'impsort:check', weight: -1 },
      { purpose: 'format', goal: 'impsort:sort', weight: -1 },
    ],
  },
  { artifacts: ['sortpom-maven-plugin'], goals: [{ purpose: 'format', goal: 'sortpom:sort', weight: -2 }] },
  {
    artifacts: ['editorconfig-maven-plugin'],
    goals: [
      { purpose: 'lint', goal: 'editorconfig:check', weight: -2 },
      { purpose: 'format', goal: 'editorconfig:format', weight: -2 },
    ],
  },
  { artifacts: ['apache-rat-plugin'], goals: [{ purpose: 'lint', goal: 'apache-rat:check', weight: -2 }] },
  {
    artifacts: ['protobuf-maven-plugin'],
    goals: [{ purpose: 'generate', goal: 'protobuf:compile', weight: -2 }],
  },
  { artifacts: ['jooq-codegen-maven'], goals: [{ purpose: 'generate', goal: 'jooq-codegen:generate', weight: -1 }] },
  { artifacts: ['spring-boot-maven-plugin'], goals: [{ purpose: 'run', goal: 'spring-boot:run' }] },
  { artifacts: ['quarkus-maven-plugin'], goals: [{ purpose: 'run', goal: 'quarkus:dev' }] },
  { artifacts: ['micronaut-maven-plugin'], goals: [{ purpose: 'run', goal: 'mn:run' }] },
  { artifacts: ['liberty-maven-plugin'], goals: [{ purpose: 'run', goal: 'liberty:dev' }] },
  {
    artifacts: ['jetty-maven-plugin', 'jetty-ee10-maven-plugin'],
    goals: [{ purpose: 'run', goal: 'jetty:run', weight: -1 }],
  },
  { artifacts: ['javafx-maven-plugin'], goals: [{ purpose: 'run', goal: 'javafx:run' }] },
  { artifacts: ['maven-hpi-plugin'], goals: [{ purpose: 'run', goal: 'hpi:run' }] },
];
