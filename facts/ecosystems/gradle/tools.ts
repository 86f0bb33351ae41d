import type { Purpose } from '../../fact.ts';

/** What a Gradle plugin brings to the people who work on a repository. */
export interface GradleTool {
  /** Plugin ids, and the lower-case stem of its class (`SpotlessPlugin`). */
  readonly ids: readonly string[];
  /** The block that configures it: seeing one proves that the plugin is applied. */
  readonly block?: string;
  readonly facts?: readonly { readonly key: 'linter' | 'formatter'; readonly value: string }[];
  readonly tasks?: readonly { readonly purpose: Purpose; readonly task: string; readonly weight?: number }[];
}

/** Task names are from each plugin's own documentation. */
export const TOOLS: readonly GradleTool[] = [
  {
    ids: ['com.diffplug.spotless', 'com.diffplug.gradle.spotless', 'spotless'],
    block: 'spotless',
    facts: [{ key: 'formatter', value: 'spotless' }],
    tasks: [
      { purpose: 'lint', task: 'spotlessCheck' },
      { purpose: 'format', task: 'spotlessApply' },
    ],
  },
  {
    ids: ['org.jlleitschuh.gradle.ktlint', 'ktlint'],
    block: 'ktlint',
    facts: [
      { key: 'linter', value: 'ktlint' },
      { key: 'formatter', value: 'ktlint' },
    ],
    tasks: [
      { purpose: 'lint', task: 'ktlintCheck' },
      { purpose: 'format', task: 'ktlintFormat' },
    ],
  },
  {
    ids: ['org.jmailen.kotlinter', 'kotlinter'],
    block: 'kotlinter',
    facts: [
      { key: 'linter', value: 'ktlint' },
      { key: 'formatter', value: 'ktlint' },
    ],
    tasks: [
      { purpose: 'lint', task: 'lintKotlin' },
      { purpose: 'format', task: 'formatKotlin' },
    ],
  },
  {
    ids: ['io.gitlab.arturbosch.detekt', 'dev.detekt', 'detekt'],
    block: 'detekt',
    facts: [{ key: 'linter', value: 'detekt' }],
    tasks: [{ purpose: 'lint', task: 'detekt' }],
  },
  {
    ids: ['checkstyle'],
    block: 'checkstyle',
    facts: [{ key: 'linter', value: 'checkstyle' }],
    tasks: [{ purpose: 'lint', task: 'checkstyleMain' }],
  },
  {
    ids: ['pmd'],
    block: 'pmd',
    facts: [{ key: 'linter', value: 'pmd' }],
    tasks: [{ purpose: 'lint', task: 'pmdMain', weight: -1 }],
  },
  {
    ids: ['com.github.spotbugs', 'com.github.spotbugs-base', 'spotbugs'],
    block: 'spotbugs',
    facts: [{ key: 'linter', value: 'spotbugs' }],
    tasks: [{ purpose: 'lint', task: 'spotbugsMain', weight: -1 }],
  },
  {
    ids: ['codenarc'],
    block: 'codenarc',
    facts: [{ key: 'linter', value: 'codenarc' }],
    tasks: [{ purpose: 'lint', task: 'codenarcMain' }],
  },
  {
    ids: ['com.ncorti.ktfmt.gradle'],
    block: 'ktfmt',
    facts: [{ key: 'formatter', value: 'ktfmt' }],
    tasks: [
      { purpose: 'lint', task: 'ktfmtCheck' },
      { purpose: 'format', task: 'ktfmtFormat' },
    ],
  },
  {
    ids: ['io.spring.javaformat'],
    facts: [{ key: 'formatter', value: 'spring-javaformat' }],
    tasks: [
      { purpose: 'lint', task: 'checkFormat' },
      { purpose: 'format', task: 'format' },
    ],
  },
  {
    ids: ['com.github.sherter.google-java-format'],
    block: 'googleJavaFormat',
    facts: [{ key: 'formatter', value: 'google-java-format' }],
    tasks: [
      { purpose: 'lint', task: 'verifyGoogleJavaFormat' },
      { purpose: 'format', task: 'googleJavaFormat' },
    ],
  },
  {
    ids: ['cz.alenkacz.gradle.scalafmt'],
    facts: [{ key: 'formatter', value: 'scalafmt' }],
    tasks: [
      { purpose: 'lint', task: 'checkScalafmtAll' },
      { purpose: 'format', task: 'scalafmtAll' },
    ],
  },
  { ids: ['com.palantir.java-format'], facts: [{ key: 'formatter', value: 'palantir-java-format' }] },
  {
    ids: ['net.ltgt.errorprone', 'com.palantir.baseline-error-prone'],
    facts: [{ key: 'linter', value: 'errorprone' }],
  },
  {
    ids: [
      'com.android.application',
      'com.android.library',
      'com.android.test',
      'com.android.kotlin.multiplatform.library',
    ],
    facts: [{ key: 'linter', value: 'android-lint' }],
    tasks: [{ purpose: 'lint', task: 'lint', weight: -1 }],
  },
  {
    ids: ['org.jetbrains.kotlinx.binary-compatibility-validator'],
    tasks: [{ purpose: 'generate', task: 'apiDump', weight: -2 }],
  },
  { ids: ['com.google.protobuf'], tasks: [{ purpose: 'generate', task: 'generateProto', weight: -2 }] },
  { ids: ['com.squareup.wire'], tasks: [{ purpose: 'generate', task: 'generateProtos', weight: -2 }] },
  { ids: ['org.openapi.generator'], tasks: [{ purpose: 'generate', task: 'openApiGenerate', weight: -1 }] },
  { ids: ['nu.studer.jooq'], tasks: [{ purpose: 'generate', task: 'generateJooq', weight: -1 }] },
  { ids: ['org.jooq.jooq-codegen-gradle'], tasks: [{ purpose: 'generate', task: 'jooqCodegen', weight: -1 }] },
  {
    ids: ['app.cash.sqldelight', 'com.squareup.sqldelight'],
    tasks: [{ purpose: 'generate', task: 'generateSqlDelightInterface', weight: -2 }],
  },
  {
    ids: ['com.apollographql.apollo', 'com.apollographql.apollo3'],
    tasks: [{ purpose: 'generate', task: 'generateApolloSources', weight: -2 }],
  },
  { ids: ['com.netflix.dgs.codegen'], tasks: [{ purpose: 'generate', task: 'generateJava', weight: -2 }] },
  {
    ids: ['com.github.davidmc24.gradle.plugin.avro'],
    tasks: [{ purpose: 'generate', task: 'generateAvroJava', weight: -2 }],
  },
  { ids: ['antlr'], tasks: [{ purpose: 'generate', task: 'generateGrammarSource', weight: -2 }] },
];

/** Plugins that start something, best first. */
export const RUNNERS: readonly { readonly ids: readonly string[]; readonly task: string }[] = [
  { ids: ['org.springframework.boot'], task: 'bootRun' },
  { ids: ['io.quarkus'], task: 'quarkusDev' },
  { ids: ['application', 'io.micronaut.application', 'io.ktor.plugin'], task: 'run' },
  { ids: ['org.gretty', 'org.gretty.jakarta'], task: 'appRun' },
  {
    ids: ['fabric-loom', 'net.fabricmc.fabric-loom', 'net.minecraftforge.gradle', 'net.neoforged.moddev'],
    task: 'runClient',
  },
  { ids: ['org.jetbrains.intellij', 'org.jetbrains.intellij.platform'], task: 'runIde' },
];

/** Plugins whose projects have a task `test` that takes `--tests`. */
export const JVM: ReadonlySet<string> = new Set([
  'java',
  'java-library',
  'java-gradle-plugin',
  'groovy',
  'scala',
  'war',
  'application',
  'kotlin-dsl',
  'kotlin',
  'javalibrary',
  'com.gradle.plugin-publish',
  'org.jetbrains.kotlin.jvm',
  'org.springframework.boot',
  'io.micronaut.application',
  'io.micronaut.library',
  'io.quarkus',
  'io.freefair.lombok',
]);
export const ANDROID: ReadonlySet<string> = new Set(['com.android.application', 'com.android.library']);
export const MULTIPLATFORM = 'org.jetbrains.kotlin.multiplatform';
