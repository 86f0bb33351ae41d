/** Sleeping, and being woken; a call to wake counts for the next nap when nobody sleeps. */
export function alarm(): { wake(): void; nap(ms: number | undefined): Promise<void> } {
  let called = false;
  let ring: (() => void) | undefined;
  return {
    wake() {
      called = true;
      ring?.();
    },
    async nap(ms) {
      if (!called)
        await new Promise<void>((resolve) => {
          const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
          ring = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      ring = undefined;
      called = false;
    },
  };
}
