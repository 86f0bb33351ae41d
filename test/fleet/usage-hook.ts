import { writeFileSync } from 'node:fs';

/**
 * For `node --import`: writes what a process took into the file that `AGENTSMD_USAGE_FILE` names once it ends. Its memory is looked at
 * now and then, so that one can see whether it grows.
 */
const file = process.env.AGENTSMD_USAGE_FILE;
const began = performance.now();
const samples: (readonly [seconds: number, bytes: number])[] = [];
const timer = setInterval(() => {
  samples.push([Math.round((performance.now() - began) / 1000), process.memoryUsage.rss()]);
}, 1000);
timer.unref();
process.once('exit', () => {
  if (!file) return;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(
    file,
    JSON.stringify({ peakBytes: maxRSS * 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000, samples }),
  );
});
