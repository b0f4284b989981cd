"""What Python's pluggy takes to call hooks and to register plugins; see ours.ts."""

import gc
import json
import platform
import sys
import time
import types

import pluggy

hookspec = pluggy.HookspecMarker("bench")
hookimpl = pluggy.HookimplMarker("bench")


class Specs:
    @hookspec
    def hook(self, a, b, c):
        pass


def create_plugin(number):
    plugin = types.ModuleType(f"plugin_{number}")
    exec(f"def hook(a, b, c):\n    return a + b + c + {number}", plugin.__dict__)
    plugin.hook = hookimpl(plugin.hook)
    return plugin


def create_wrapper(number):
    plugin = types.ModuleType(f"wrapper_{number}")
    exec("def hook(a):\n    yield a", plugin.__dict__)
    plugin.hook = hookimpl(hookwrapper=True)(plugin.hook)
    return plugin


def create_plugins(case):
    return [
        *map(create_plugin, range(case["implementations"])),
        *map(create_wrapper, range(case["wrappers"])),
    ]


def create_manager():
    manager = pluggy.PluginManager("bench")
    manager.add_hookspecs(Specs)
    return manager


def register_all(managers, plugins):
    for manager in managers:
        for number, plugin in enumerate(plugins):
            manager.register(plugin, f"plugin {number}")


def call_often(manager, times):
    for _ in range(times):
        manager.hook.hook(a=1, b=2, c=3)


def cpu_of(work):
    before = time.process_time()
    work()
    return time.process_time() - before


def average(seconds, times, batch):
    taken = batches = 0
    while taken < seconds:
        taken += cpu_of(batch())
        batches += 1
    return taken / (batches * times)


def measure(seconds, case):
    plugins = create_plugins(case)
    manager = create_manager()
    register_all([manager], plugins)
    rounds = -(-200 // len(plugins))

    def registering():
        managers = [create_manager() for _ in range(rounds)]
        return lambda: register_all(managers, plugins)

    times = 10 * rounds
    return {
        "register": average(seconds, rounds * len(plugins), registering),
        "call": average(seconds, times, lambda: lambda: call_often(manager, times)),
    }


def measure_first(case):
    def work():
        manager = create_manager()
        register_all([manager], create_plugins(case))
        call_often(manager, 1)

    return cpu_of(work)


workload = json.loads(sys.argv[1])
first = measure_first(workload["first"])
# As timeit does it. Python is the faster for it.
gc.disable()
print(
    json.dumps(
        {
            "version": f"pluggy {pluggy.__version__}, Python {platform.python_version()}",
            "first": first,
            "cases": [measure(workload["seconds"], case) for case in workload["cases"]],
        }
    )
)
