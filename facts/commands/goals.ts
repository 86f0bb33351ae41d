import type { Purpose } from '../fact.ts';

/** Build tools that take the names of several goals in one call: Gradle, Maven, sbt. */
const GRADLE: Readonly<Record<string, Partial<Record<Purpose, number>>>> = {
  build: { build: 1, test: 0.25 },
  assemble: { build: 0.8 },
  jar: { build: 0.4 },
  classes: { build: 0.5 },
  compileJava: { build: 0.5 },
  compileKotlin: { build: 0.5 },
  test: { test: 1 },
  allTests: { test: 0.9 },
  unitTest: { test: 0.9 },
  testDebugUnitTest: { test: 0.8 },
  check: { test: 0.5, lint: 0.5 },
  lint: { lint: 0.9 },
  spotlessCheck: { lint: 0.9 },
  checkstyle: { lint: 0.9 },
  checkstyleMain: { lint: 0.8 },
  detekt: { lint: 0.9 },
  detektMain: { lint: 0.7 },
  ktlintCheck: { lint: 0.9 },
  pmdMain: { lint: 0.6 },
  spotbugsMain: { lint: 0.6 },
  spotlessApply: { format: 1 },
  ktlintFormat: { format: 1 },
  format: { format: 1 },
  googleJavaFormat: { format: 1 },
  run: { run: 1 },
  bootRun: { run: 1 },
  quarkusDev: { run: 1 },
  generateProto: { generate: 0.8 },
};
const MAVEN: Readonly<Record<string, Partial<Record<Purpose, number>>>> = {
  test: { test: 1 },
  verify: { build: 0.8, test: 0.7 },
  package: { build: 1 },
  install: { build: 0.8, install: 0.3 },
  compile: { build: 0.7 },
  'spotless:check': { lint: 0.9 },
  'spotless:apply': { format: 1 },
  'checkstyle:check': { lint: 0.9 },
  'spotbugs:check': { lint: 0.6 },
  'formatter:format': { format: 1 },
  'formatter:validate': { lint: 0.5, format: 0.4 },
  'fmt:format': { format: 1 },
  'fmt:check': { lint: 0.5, format: 0.4 },
  'spring-javaformat:apply': { format: 1 },
  'spring-javaformat:validate': { lint: 0.5 },
  'spring-boot:run': { run: 1 },
  'quarkus:dev': { run: 1 },
};
const SBT: Readonly<Record<string, Partial<Record<Purpose, number>>>> = {
  test: { test: 1 },
  compile: { build: 0.9 },
  'Test/compile': { build: 0.6 },
  package: { build: 0.8 },
  scalafmtAll: { format: 1 },
  scalafmt: { format: 0.9 },
  scalafmtCheckAll: { lint: 0.6, format: 0.4 },
  scalafmtCheck: { lint: 0.5, format: 0.4 },
  run: { run: 1 },
};

const MAVEN_VALUES = [
  '-pl',
  '-P',
  '-f',
  '--file',
  '-s',
  '-T',
  '-rf',
  '-D',
  '--projects',
  '--settings',
  '-l',
  '--log-file',
];

/** Tasks that Android brings for each variant: `testDemoDebug`, `assembleProdRelease`, `lintDebug`. */
const VARIANTS: readonly (readonly [pattern: RegExp, purposes: Partial<Record<Purpose, number>>])[] = [
  [/^test\w*(?:Debug|Release)(?:UnitTest)?$/, { test: 0.8 }],
  [/^assemble\w*Debug$/, { build: 0.8 }],
  [/^assemble\w*Release$/, { build: 0.5 }],
  [/^lint\w*(?:Debug|Release)$/, { lint: 0.9 }],
];

function goalOf(goals: typeof GRADLE, name: string): Partial<Record<Purpose, number>> | undefined {
  if (Object.hasOwn(goals, name)) return goals[name];
  return goals === GRADLE ? VARIANTS.find(([pattern]) => pattern.test(name))?.[1] : undefined;
}

const PROGRAMS: Readonly<Record<string, { goals: typeof GRADLE; values: readonly string[] }>> = {
  gradle: {
    goals: GRADLE,
    values: ['-x', '--exclude-task', '-P', '-D', '--tests', '-p', '--max-workers', '-I', '--init-script', '-b'],
  },
  gradlew: {
    goals: GRADLE,
    values: ['-x', '--exclude-task', '-P', '-D', '--tests', '-p', '--max-workers', '-I', '--init-script', '-b'],
  },
  mvn: { goals: MAVEN, values: MAVEN_VALUES },
  mvnw: { goals: MAVEN, values: MAVEN_VALUES },
  sbt: { goals: SBT, values: [] },
};

/** What a call of such a tool does. */
export interface GoalReading {
  readonly tool: string;
  readonly purposes: Readonly<Partial<Record<Purpose, number>>>;
  /** Goals as typed, `clean` left out. */
  readonly goals: readonly string[];
  /** It names modules, excludes tasks or filters: part of the whole. */
  readonly narrow: number;
}

export function readGoals(words: readonly string[]): GoalReading | undefined {
  const program = (words[0] ?? '').replace(/^.*\//, '');
  const known = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined;
  if (!known) return undefined;
  const goals: string[] = [];
  const excluded = new Set<string>();
  let narrow = 0;
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!;
    if (word === '-x' || word === '--exclude-task') excluded.add(words[i + 1] ?? '');
    if (word === '-pl' || word === '--tests' || word === '-p' || word === '-f' || /^-Dtest=/.test(word)) narrow++;
    if (/^-D(skipTests|maven\.test\.skip)/.test(word)) excluded.add('test');
    if (word.startsWith('-')) {
      if (known.values.includes(word)) i++;
      continue;
    }
    if (word !== 'clean') goals.push(word);
  }
  const purposes: Partial<Record<Purpose, number>> = {};
  const wholes = new Set<Purpose>();
  const parts: Partial<Record<Purpose, number>>[] = [];
  for (const goal of goals) {
    const last = goal.replace(/^:?.*:(?=[^:]+$)/, '');
    const whole = goalOf(known.goals, goal);
    const found = whole ?? (program.startsWith('gradle') ? goalOf(known.goals, last) : undefined);
    if (found && found !== whole) parts.push(found);
    for (const [purpose] of Object.entries(whole ?? {}) as [Purpose, number][]) wholes.add(purpose);
    for (const [purpose, weight] of Object.entries(found ?? {}) as [Purpose, number][]) {
      if (excluded.has(purpose) || (purpose === 'test' && excluded.has('test'))) continue;
      // Each further goal makes it less of an answer to one question.
      purposes[purpose] = Math.max(purposes[purpose] ?? 0, weight / (goals.length > 1 ? 1.25 : 1));
    }
  }
  // `testDebug :lint:test` tests the whole, and one module more.
  narrow += parts.filter((part) => !(Object.keys(part) as Purpose[]).every((purpose) => wholes.has(purpose))).length;
  return { tool: program.replace(/w$/, ''), purposes, goals, narrow: narrow + excluded.size * 0.5 };
}
