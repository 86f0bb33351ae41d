/** From the ground up; rooms of one floor do not import each other. */
const FLOORS = [['forge'], ['facts', 'catalog', 'models'], ['codex'], ['generator'], ['reviewer'], ['jobs'], ['cli']];
const ROOMS = `^(${FLOORS.flat().join('|')})/`;

/** Sources that are not shipped: the tests, and the doubles and builders they share. */
const TESTS = '\\.test\\.ts$|/testing/';

/**
 * The tower, checked: a room imports only from floors below it. Type-only and dynamic imports count as imports.
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    ...floorRules(),
    only('gray-matter-behind-its-wrapper', '^forge/front-matter\\.ts$', 'gray-matter'),
    only('fast-check-behind-its-seed', '^test/fast-check\\.ts$', 'fast-check(/|$)'),
    only('ast-grep-behind-its-port', '^(codex/checks/ast-grep|bench)/', '@ast-grep/'),
    only('gitbeaker-behind-its-port', '^forge/gitlab', '@gitbeaker/'),
    only('backstage-behind-its-port', '^catalog/backstage', '@backstage/'),
    only('pg-boss-behind-its-port', '^jobs/(store|queue)/', 'pg-boss(/|$)'),
    only('pglite-behind-its-port', '^jobs/store/', '@electric-sql/pglite(/|$)'),
    only('pg-behind-its-port', '^jobs/store/', 'pg(/|$)'),
    only('kysely-in-jobs', '^(jobs|bench)/', 'kysely(/|$)'),
    only('rate-limiter-behind-its-port', '^jobs/queue/', 'rate-limiter-flexible(/|$)'),
    only('ai-sdk-behind-its-port', '^models/', '(@ai-sdk/|ai(/|$))'),
    {
      name: 'no-circles',
      comment: 'Two files that import each other are one story told twice; move what both need below them.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere is also one the rules above cannot judge.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-test-code-shipped',
      comment: 'test/ is not part of the package; only tests import from it.',
      severity: 'error',
      from: { path: ROOMS, pathNot: TESTS },
      to: { path: `^test/|${TESTS}` },
    },
    {
      name: 'no-dev-dependency-shipped',
      comment: 'dist/ is installed without dev dependencies.',
      severity: 'error',
      // Types are gone when it is built; what is run by hand from the sources is not shipped.
      from: { path: ROOMS, pathNot: `${TESTS}|^facts/languages/make-table\\.ts$` },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // Of packages everything counts, `dist/` too: the rules about who may import them look at where an import leads.
    exclude: { path: '^(dist|coverage)/|(^|/)(fixtures|e2e-backstage|e2e-clients)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};

/** One rule for each room: nothing beside it and nothing above it. */
function floorRules() {
  return FLOORS.flatMap((rooms, floor) =>
    rooms.map((room) => {
      const outOfReach = FLOORS.slice(floor)
        .flat()
        .filter((other) => other !== room);
      return {
        name: `floor-of-${room}`,
        comment: `${room}/ imports only from the floors below it: ${FLOORS.slice(0, floor).flat().join(', ') || 'none'}.`,
        severity: 'error',
        from: { path: `^${room}/` },
        to: { path: `^(${[...outOfReach, 'bench'].join('|')})/` },
      };
    }),
  );
}

/** A package that only the files under `owner` may import: everything else goes through the port beside it. */
function only(name, owner, packages) {
  return {
    name,
    comment: `Only ${owner} may import ${packages}.`,
    severity: 'error',
    from: { pathNot: `${owner}|${TESTS}|^test/` },
    to: { path: `(^|node_modules/)${packages}` },
  };
}
