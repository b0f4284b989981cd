import { describe, expect, it } from "vitest";
import { createManager, greeting, hookimpl, thrownBy } from "./fixtures.ts";

const plugin = () => ({ greet: hookimpl<"greet">(() => "hi") });

describe("a blocked name", () => {
  it("cannot be registered: register gives back null", () => {
    const manager = createManager();
    manager.setBlocked("a");
    expect(manager.register(plugin(), "a")).toBeNull();
    expect(manager.hasPlugin("a")).toBe(false);
    expect(manager.hook.greet(greeting)).toEqual([]);
  });

  it("is known to be blocked, and no other is", () => {
    const manager = createManager();
    manager.setBlocked("a");
    expect(manager.isBlocked("a")).toBe(true);
    expect(manager.isBlocked("b")).toBe(false);
  });

  it("is no plugin", () => {
    const manager = createManager();
    manager.setBlocked("a");
    expect(manager.getPlugin("a")).toBeUndefined();
    expect(manager.getPlugins().size).toBe(0);
    expect(manager.listNamePlugin()).toEqual([]);
  });

  it("loses the plugin that is registered under it", () => {
    const manager = createManager();
    const one = plugin();
    manager.register(one, "a");
    manager.setBlocked("a");
    expect(manager.isRegistered(one)).toBe(false);
    expect(manager.hook.greet(greeting)).toEqual([]);
  });

  it("cannot be unregistered, and stays blocked", () => {
    const manager = createManager();
    manager.setBlocked("a");
    expect(thrownBy(() => manager.unregister("a"))).toMatchObject({
      code: "PLUGGY_NOT_REGISTERED",
    });
    expect(manager.isBlocked("a")).toBe(true);
  });

  it("does not keep the same plugin from another name", () => {
    const manager = createManager();
    const one = plugin();
    manager.setBlocked("a");
    manager.register(one, "a");
    expect(manager.register(one, "b")).toBe("b");
  });

  it("can be a canonical name", () => {
    const manager = createManager();
    const one = plugin();
    manager.setBlocked(manager.getCanonicalName(one));
    expect(manager.register(one)).toBeNull();
  });

  it("can be registered when it is unblocked, which says whether it was blocked", () => {
    const manager = createManager();
    manager.setBlocked("a");
    expect(manager.unblock("a")).toBe(true);
    expect(manager.unblock("a")).toBe(false);
    expect(manager.isBlocked("a")).toBe(false);
    expect(manager.register(plugin(), "a")).toBe("a");
  });

  it("may be blocked twice", () => {
    const manager = createManager();
    manager.setBlocked("a");
    manager.setBlocked("a");
    expect(manager.isBlocked("a")).toBe(true);
  });
});
