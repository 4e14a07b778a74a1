import { expect, hydrated, signIn, test, watchHydration } from "../fixtures";
import { CandidatePage } from "../pages/candidate";
import { CandidatesPage } from "../pages/candidates";
import { Frame } from "../pages/frame";
import { HomePage } from "../pages/home";
import type { Page } from "@playwright/test";

test.beforeEach(async ({ page }) => {
  await signIn(page, "rita");
  await watchHydration(page);
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
  await hydrated(page);
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

test("each page is taken over as the server wrote it", async ({ page }) => {
  const candidate = new CandidatePage(page);
  await candidate.find("Farid Haddad");
  const person = new URL(page.url()).pathname;
  for (const address of ["/o/acme", "/o/acme/candidates", "/o/acme/candidates?state=completed", person]) {
    const answer = await page.request.get(address);
    const written = /<h1[^>]*>(?:<bdi>)?([^<]*)/.exec(await answer.text())?.[1];
    const calls: string[] = [];
    const listen = (request: { url(): string }) => calls.push(new URL(request.url()).pathname);
    page.on("request", listen);
    await page.goto(address);
    await hydrated(page);
    await page.waitForLoadState("networkidle");
    page.off("request", listen);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(written ?? "no heading");
    // What the page shows came with it; nothing is asked for a second time.
    expect(calls.filter((path) => path.startsWith("/app/"))).toEqual([]);
  }
});
