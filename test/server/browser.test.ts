import { beforeAll, describe, expect, test } from "vitest";
import {
  hasBrowser,
  keepPicture,
  logIn,
  type ServerUnderTest,
  serverForTests,
  withPage,
} from "../support/index.ts";

describe.skipIf(!hasBrowser)("a browser", () => {
  let under: ServerUnderTest;
  let student: string;

  beforeAll(async () => {
    under = await serverForTests();
    student = await under.addUser();
  });

  test("is shown the login page first", async () => {
    await withPage("login page", under.address, async (page) => {
      await page.goto("");
      await page.locator("#login_submit").waitFor();
      expect(new URL(page.url()).pathname).toBe("/hub/login");
      await keepPicture(page, "login-page");
    });
  });

  test("is told of a wrong password and stays where it is", async () => {
    await withPage("wrong password", under.address, async (page) => {
      await page.goto("hub/login");
      await page.getByLabel("Username").fill("admin");
      await page.locator("#password_input").fill("not-the-password");
      await page.locator("#login_submit").click();
      const message = page.locator(".login_error");
      await message.waitFor();
      expect((await message.textContent())?.trim()).toBe("Invalid username or password");
      await keepPicture(page, "wrong-password");
    });
  });

  test("logs in and gets JupyterLab, in which a notebook computes", async () => {
    await withPage("jupyterlab", under.address, async (page) => {
      await logIn(page, student, "a-students-password");
      await page.waitForURL(new RegExp(`/user/${student}/lab`), { timeout: 60_000 });
      await page.locator("#jp-main-dock-panel .jp-Launcher").waitFor({ timeout: 60_000 });
      await keepPicture(page, "jupyterlab");
      await page.locator('.jp-LauncherCard[data-category="Notebook"]').first().click();
      const cell = page.locator(".jp-Notebook .jp-Cell .cm-content").first();
      await cell.click();
      await page.keyboard.type("import xarray; print('from xarray', xarray.__name__, 6 * 7)");
      // JupyterLab drops what is executed before it has a connection to the kernel.
      await page.getByText("Python 3 (ipykernel) | Idle").waitFor({ timeout: 60_000 });
      await page.keyboard.press("Shift+Enter");
      const output = page.locator(".jp-OutputArea-output").first();
      await output.waitFor({ timeout: 60_000 });
      await expect
        .poll(() => output.textContent(), { timeout: 30_000 })
        .toContain("from xarray xarray 42");
      await keepPicture(page, "notebook");
    });
  });
});
