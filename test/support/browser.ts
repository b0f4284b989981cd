import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

const ARTIFACTS = fileURLToPath(new URL("../../test-artifacts", import.meta.url));
const CHROMIUM = process.env.TLJH_CHROMIUM ?? "/usr/bin/chromium";

/** False where there is no Chromium: tests that need one are skipped then. */
export const hasBrowser = existsSync(CHROMIUM);

/** A Chromium that talks to nobody but the page's own server. */
function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Leaves a picture of the page at `test-artifacts/<name>.png`. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await mkdir(ARTIFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTIFACTS, `${name}.png`) });
}

async function keepArtifacts(page: Page, name: string, log: readonly string[]): Promise<void> {
  const folder = join(ARTIFACTS, name.replace(/[^A-Za-z0-9]+/g, "-"));
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, "page.png") });
  await writeFile(join(folder, "page.html"), await page.content());
  await writeFile(join(folder, "console.log"), log.map((line) => `${line}\n`).join(""));
}

/**
 * Runs a test with a fresh page. When it fails, the page's picture, source and console are left
 * in `test-artifacts/<name>`.
 */
export async function withPage<T>(
  name: string,
  address: string,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const browser = await openBrowser();
  const log: string[] = [];
  try {
    const context = await browser.newContext({ baseURL: address, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    page.on("console", (message) => log.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => log.push(`error: ${error.message}`));
    try {
      return await work(page);
    } catch (error) {
      await keepArtifacts(page, name, log).catch(() => {});
      throw error;
    }
  } finally {
    await browser.close();
  }
}

/** Fills in the hub's login form and waits until the hub has moved on from it. */
export async function logIn(page: Page, username: string, password: string): Promise<void> {
  await page.goto("hub/login");
  await page.getByLabel("Username").fill(username);
  await page.locator("#password_input").fill(password);
  await page.locator("#login_submit").click();
  await page.waitForURL((url) => !url.pathname.endsWith("/hub/login"));
}
