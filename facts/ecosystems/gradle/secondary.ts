const SECONDARY =
  /^(?:.*[-_])?(?:examples?|samples?|demos?|docs?|documentation|site|website|benchmarks?|perf|tests?|integration[-_]?tests?|functional[-_]?tests?|smoke[-_]?tests?|it|its|e2e|playground|archetypes?|archetype-resources|resources|testing-builds)$/i;

/** True below a folder of examples, tests or documentation: a build there is not how the repository is worked on. */
export function isSecondary(dir: string): boolean {
  return dir.split('/').some((part) => SECONDARY.test(part));
}
