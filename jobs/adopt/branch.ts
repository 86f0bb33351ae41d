/** The branch that only `agentsmd adopt-review` writes. */
export const ADOPT_BRANCH = 'agentsmd/adopt-review';
