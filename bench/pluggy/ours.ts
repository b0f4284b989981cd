/**
 * What our package takes to call hooks and to register plugins; `theirs.py` does the same with Python's.
 * The argument is a `Workload` as JSON; the answer, `HookTimes` as JSON.
 */
import { createHookimplMarker, hookspec, PluginManager } from "../../packages/pluggy/src/index.ts";
import type { Case, CaseTimes, HookTimes, Least, Workload } from "./workload.ts";

interface Hooks {
  hook: { readonly arguments: { a: number; b: number; c: number }; readonly result: number };
}

type Manager = PluginManager<Hooks>;

const specs = { hook: hookspec<Hooks["hook"]>({ arguments: ["a", "b", "c"] }) };
const hookimpl = createHookimplMarker<Hooks>("bench");

/** Every plugin has code of its own, and it is strict, as that of modules is. */
function createPlugin(number: number): object {
  const source = `"use strict"; return ({ a, b, c }) => a + b + c + ${number};`;
  return { hook: hookimpl(new Function(source)()) };
}

function createWrapper(): object {
  const wrapper = new Function('"use strict"; return function* ({ a }) { yield a; }')();
  return { hook: hookimpl.hookwrapper(wrapper) };
}

function createPlugins({ implementations, wrappers }: Case): object[] {
  return [
    ...Array.from({ length: implementations }, (_, number) => createPlugin(number)),
    ...Array.from({ length: wrappers }, createWrapper),
  ];
}

function createManager(): Manager {
  const manager: Manager = new PluginManager("bench");
  manager.addHookspecs(specs);
  return manager;
}

function registerAll(managers: readonly Manager[], plugins: readonly object[]): void {
  for (const manager of managers) {
    for (let at = 0; at < plugins.length; at += 1) {
      manager.register(plugins[at] as object, `plugin ${at}`);
    }
  }
}

function callOften(manager: Manager, times: number): void {
  for (let time = 0; time < times; time += 1) manager.hook.hook({ a: 1, b: 2, c: 3 });
}

/** CPU seconds that `work` takes: what it would last on a machine of its own, whatever else runs on this one. */
function cpuOf(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1e6;
}

/** What is done `times` times by the function that `prepare` gives back. */
interface Batch {
  readonly times: number;
  prepare(): () => void;
}

/** CPU seconds a time. */
function average({ times, prepare }: Batch, least: Least): number {
  let taken = 0;
  let done = 0;
  while (taken < least.seconds || done < least.times) {
    taken += cpuOf(prepare());
    done += times;
  }
  return taken / done;
}

function measure({ warmUp, seconds }: Workload, one: Case): CaseTimes {
  const plugins = createPlugins(one);
  const manager = createManager();
  registerAll([manager], plugins);
  const rounds = Math.ceil(200 / plugins.length);
  const registering: Batch = {
    times: rounds * plugins.length,
    prepare: () => {
      const managers = Array.from({ length: rounds }, createManager);
      return () => registerAll(managers, plugins);
    },
  };
  const calling: Batch = {
    times: 10 * rounds,
    prepare: () => () => callOften(manager, 10 * rounds),
  };
  const warmed = (batch: Batch): number => {
    average(batch, warmUp);
    return average(batch, { times: 0, seconds });
  };
  return { register: warmed(registering), call: warmed(calling) };
}

/** From the plugins' sources to the results of a first call, with nothing compiled yet. */
function measureFirst(one: Case): number {
  return cpuOf(() => {
    const manager = createManager();
    registerAll([manager], createPlugins(one));
    callOften(manager, 1);
  });
}

const workload = JSON.parse(process.argv[2] ?? "") as Workload;
const first = measureFirst(workload.first);
const times: HookTimes = {
  version: `Node ${process.versions.node}`,
  first,
  cases: workload.cases.map((one) => measure(workload, one)),
};
process.stdout.write(JSON.stringify(times));
