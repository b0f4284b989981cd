import fc from "fast-check";
import { expect, test } from "vitest";
import { errorPage } from "./error-page.ts";
import { httpsLocation } from "./redirect.ts";

const html = "text/html,application/xhtml+xml,*/*;q=0.8";

test("a browser gets a page that explains and tries again", () => {
  const { contentType, body } = errorPage(503, html);
  expect(contentType).toMatch("text/html");
  expect(body).toContain('http-equiv="refresh"');
  expect(body).toContain("JupyterHub is not there yet");
});

test("a form that was sent is not sent again, and other errors are not tried again", () => {
  expect(errorPage(503, html, "POST").body).not.toContain("refresh");
  expect(errorPage(404, html).body).not.toContain("refresh");
  expect(errorPage(500, html).body).toContain("Something went wrong");
});

test("a program gets JSON with a message", () => {
  const { contentType, body } = errorPage(503, "application/json");
  expect(contentType).toBe("application/json");
  expect(JSON.parse(body)).toMatchObject({ status: 503, message: expect.stringMatching(/hub/i) });
});

test.each([
  ["example.org", "/hub?a=b", 443, "https://example.org/hub?a=b"],
  ["example.org:80", "/", 443, "https://example.org/"],
  ["10.0.0.1:8080", "/", 8443, "https://10.0.0.1:8443/"],
  ["[::1]:80", "/x", 443, "https://[::1]/x"],
])("http://%s%s goes to port %i: %s", (host, url, port, expected) => {
  expect(httpsLocation(host, url, port)).toBe(expected);
});

test.each([
  [undefined, "/"],
  ["", "/"],
  ["evil.org/path", "/"],
  ["a@evil.org", "/"],
  ["a b", "/"],
  ["example.org", "http://evil.org/"],
  ["example.org", undefined],
])("a request to %j, %j is not sent anywhere", (host, url) => {
  expect(httpsLocation(host, url, 443)).toBeNull();
});

test("a request is only ever sent to the host it came for", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (host, url) => {
      const location = httpsLocation(host, `/${url}`, 443);
      if (location === null) return;
      expect(location.startsWith(`https://${host.replace(/:\d+$/, "")}/`)).toBe(true);
    }),
  );
});
