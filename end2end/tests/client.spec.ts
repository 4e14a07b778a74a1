import { expect, ready, signIn, test } from "../fixtures";
import { CandidatesPage } from "../pages/candidates";
import { Frame } from "../pages/frame";
import { HomePage } from "../pages/home";
import type { Page } from "@playwright/test";

test.beforeEach(async ({ page }) => {
  await signIn(page, "rita");
});

/** Something that a full load of a page would lose. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { marked: true }));
}

async function survived(page: Page): Promise<boolean> {
  return page.evaluate(() => "marked" in window);
}

test("the client code takes over: pages change without a load", async ({ page }) => {
  const [home, list, frame] = [new HomePage(page), new CandidatesPage(page), new Frame(page)];
  const documents: string[] = [];
  page.on("request", (request) => {
    if (request.isNavigationRequest()) {
      documents.push(new URL(request.url()).pathname);
    }
  });
  await home.open();
  await ready(page);
  await mark(page);

  await frame.link("Candidates").click();
  await expect(list.rows.first()).toBeVisible();
  await expect(page).toHaveURL("/o/acme/candidates");
  await expect(page).toHaveTitle("Candidates · Acme · Assay");
  await expect(frame.link("Candidates")).toHaveAttribute("aria-current", "page");
  await expect(frame.link("Home")).not.toHaveAttribute("aria-current");

  await list.search.fill("farid haddad");
  await list.submit.click();
  await expect(list.rows).toHaveCount(1);
  await list.link("Farid Haddad").click();
  await expect(frame.heading).toHaveText("Farid Haddad");
  await expect(page).toHaveTitle("Farid Haddad · Acme · Assay");
  await frame.link("Home").click();
  await expect(home.health).toBeVisible();

  expect(await survived(page)).toBe(true);
  expect(documents).toEqual(["/o/acme"]);
});
