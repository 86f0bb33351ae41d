/**
 * What this process has worked so far, in ms of processor time: how long something takes on a machine that does much else besides says
 * nothing about whether it is slow.
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
