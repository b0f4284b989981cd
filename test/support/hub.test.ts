import { expect, test } from "vitest";
import { fieldOf, loginError, textOf } from "./hub.ts";

const PAGE = `<form action="/hub/login"><p class="login_error">
  Invalid username or password</p>
<input type="hidden" name="_xsrf" value="abc-_1" />
<input id="u" type="text" name="username" value="" /></form>`;

test("the hidden field of the login form is found", () => {
  expect(fieldOf(PAGE, "_xsrf")).toBe("abc-_1");
  expect(fieldOf(PAGE, "username")).toBe("");
  expect(fieldOf(PAGE, "other")).toBeNull();
});

test("the reason of a refused login is found", () => {
  expect(loginError(PAGE)).toBe("Invalid username or password");
  expect(loginError("<p>hello</p>")).toBe("");
});

test("a page is quoted by its text", () => {
  const page =
    "<head><title>t</title></head><body><h1>403 : Forbidden</h1>\n<script>x()</script></body>";
  expect(textOf(page)).toBe("403 : Forbidden");
});
