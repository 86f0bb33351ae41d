import fc from 'fast-check';

/**
 * fast-check for every property in the tests. What decides over a merge must not hang on luck: the seed is the same in each
 * run, and AGENTSMD_SEED gives another one. With AGENTSMD_LONG it is a new one each time, to look for what nobody thought of.
 */
export const SEED = Number(process.env.AGENTSMD_SEED ?? (process.env.AGENTSMD_LONG ? Date.now() & 0x7fffffff : 1));

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED });

export default fc;
