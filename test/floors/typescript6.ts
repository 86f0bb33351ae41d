/**
 * Preloaded before dependency-cruiser: hands it TypeScript 6 when it asks for `typescript`.
 *
 * dependency-cruiser 18.7 reads TypeScript through the compiler's JavaScript API, which TypeScript 7 does not have; with 7
 * it sees no module at all and reports "no violations". Its other parser (swc) fails on `using` declarations. Everything
 * else uses 7. To be removed once dependency-cruiser supports it: test/floors/floors.test.ts says whether it sees.
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const asked =
      /^typescript($|\/)/.test(specifier) && context.parentURL?.includes('/node_modules/dependency-cruiser/');
    return nextResolve(asked ? specifier.replace('typescript', 'typescript6') : specifier, context);
  },
});
