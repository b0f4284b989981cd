const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Waits for Ctrl-C, or for another request to end; a second one is no longer held up. */
export function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const alive = setInterval(() => {}, 60_000);
    const stop = (name: NodeJS.Signals): void => {
      clearInterval(alive);
      for (const other of SIGNALS) process.off(other, stop);
      resolve(name);
    };
    for (const name of SIGNALS) process.on(name, stop);
  });
}
