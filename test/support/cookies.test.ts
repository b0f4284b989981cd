import { expect, test } from "vitest";
import { CookieJar } from "./cookies.ts";

test("a cookie goes to its path and below, the most specific first", () => {
  const jar = new CookieJar();
  jar.take(["_xsrf=hub; Path=/hub/", "_xsrf=user; Path=/user/a/; HttpOnly", "all=1"]);
  expect(jar.header("/hub/home")).toBe("_xsrf=hub; all=1");
  expect(jar.header("/user/a/lab")).toBe("_xsrf=user; all=1");
  expect(jar.header("/hubbub")).toBe("all=1");
  expect(jar.value("_xsrf", "/user/a/api")).toBe("user");
});

test("a cookie is replaced, and removed when it expires", () => {
  const jar = new CookieJar();
  jar.take(["a=1; Path=/", "b=x=y; Path=/"]);
  jar.take(["a=2; Path=/"]);
  expect(jar.header("/")).toBe("a=2; b=x=y");
  jar.take(["a=; Path=/; Max-Age=0", 'b=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/']);
  expect(jar.header("/")).toBe("");
});
