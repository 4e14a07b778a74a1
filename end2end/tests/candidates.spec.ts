import { expect, ready, signIn, test } from "../fixtures";
import { CandidatesPage } from "../pages/candidates";
import { Frame } from "../pages/frame";
import { lever, unique } from "../pages/sandbox";

/** Nobody is invited with two tests in the tags, so these people come and stay. */
const STILL = ["Data screen", "SQL basics"];

test.beforeEach(async ({ page }) => {
  await signIn(page, "rita");
});

test("the filters stand in the address, and the way back and forward restores them", async ({ page }) => {
  const [list, frame] = [new CandidatesPage(page), new Frame(page)];
  const family = unique("Backforth");
  for (const given of ["Ina", "Udo"]) {
    await lever.pass({ name: `${given} ${family}`, email: `${unique(given)}@example.com`, tags: STILL });
  }
  await expect(async () => {
    await list.open({ search: family });
    await expect(list.rows).toHaveCount(2, { timeout: 500 });
  }).toPass({ timeout: 20_000 });

  await list.open();
  await ready(page);
  await list.search.fill(`ina ${family}`);
  await list.submit.click();
  await expect(list.rows).toHaveCount(1);
  expect(list.query()).toEqual({ search: `ina ${family}` });
  await list.link(`Ina ${family}`).click();
  await expect(frame.heading).toHaveText(`Ina ${family}`);

  await page.goBack();
  await expect(list.rows).toHaveCount(1);
  await expect(list.search).toHaveValue(`ina ${family}`);
  await page.goBack();
  await expect(list.search).toHaveValue("");
  await expect(list.clear).toHaveCount(0);
  expect(list.query()).toEqual({});
  await page.goForward();
  await expect(list.rows).toHaveCount(1);
  await expect(list.search).toHaveValue(`ina ${family}`);
  expect(list.query()).toEqual({ search: `ina ${family}` });
  await page.goForward();
  await expect(frame.heading).toHaveText(`Ina ${family}`);
});

test("state and outcome narrow the list and stay chosen", async ({ page }) => {
  const list = new CandidatesPage(page);
  await list.open();
  await ready(page);
  await list.state.selectOption({ label: "Completed" });
  await list.outcome.selectOption({ label: "Pass" });
  await list.submit.click();
  await expect(list.clear).toBeVisible();
  expect(list.query()).toEqual({ state: "completed", outcome: "pass" });
  await expect(list.state).toHaveValue("completed");
  await expect(list.outcome).toHaveValue("pass");
  // The demo's own people come through within seconds of its start.
  await expect(async () => {
    await page.reload();
    await expect(list.link("Ana Ruiz")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 25_000 });
  for (const row of await list.rows.all()) {
    await expect(row).toContainText("Completed");
    await expect(row).toContainText("Pass");
  }
  await expect(list.link("Chiara Rossi")).toHaveCount(0);

  await ready(page);
  await list.clear.click();
  await expect(list.rows.filter({ hasText: "Nothing sent" }).first()).toBeVisible();
  await expect(list.state).toHaveValue("");
  await expect(list.outcome).toHaveValue("");
});

test("a search without a match says so, and one step leads back", async ({ page }) => {
  const list = new CandidatesPage(page);
  await list.open();
  await ready(page);
  const nobody = unique("nobody");
  await list.search.fill(nobody);
  await list.submit.click();
  await expect(page.getByText("No candidate matches these filters")).toBeVisible();
  await expect(list.search).toHaveValue(nobody);
  await expect(list.rows).toHaveCount(0);
  await page.getByRole("link", { name: "Show all candidates" }).click();
  await expect(list.rows.filter({ hasText: "Nothing sent" }).first()).toBeVisible();
  await expect(list.search).toHaveValue("");
});

test("the next page keeps the filter", async ({ page }) => {
  test.slow();
  const list = new CandidatesPage(page);
  const family = unique("Paging");
  for (let n = 0; n < 52; n += 1) {
    await lever.pass({ name: `Person ${n} ${family}`, email: `${family}.${n}@example.com`, tags: STILL });
  }
  const pages = page.getByRole("navigation", { name: "Pages" });
  const next = pages.getByRole("link", { name: "Next" });
  await expect(async () => {
    await list.open({ search: family });
    await next.click({ timeout: 500 });
    await expect(list.rows).toHaveCount(2, { timeout: 1_000 });
  }).toPass({ timeout: 50_000 });
  expect(list.query()).toEqual({ search: family, after: expect.any(String) });
  await expect(list.pager).toContainText("2 of 52");
  await expect(list.search).toHaveValue(family);
  const last = await list.rows.getByRole("link").allTextContents();

  await page.goBack();
  await expect(list.rows).toHaveCount(50);
  const first = await list.rows.getByRole("link").allTextContents();
  expect(new Set([...first, ...last]).size).toBe(52);
  await page.goForward();
  await expect(list.rows).toHaveCount(2);
  await pages.getByRole("link", { name: "First page" }).click();
  await expect(list.rows).toHaveCount(50);
  expect(list.query()).toEqual({ search: family });
});

test("an account manager sees masked names and cannot search for them", async ({ page }) => {
  await signIn(page, "mona");
  const list = new CandidatesPage(page);
  await list.open();
  await expect(page.getByText("Names are masked for your role.")).toBeVisible();
  await expect(list.rows.first()).toBeVisible();
  await expect(list.search).toHaveCount(0);
  await expect(page.locator("main")).not.toContainText("Haddad");
});

test("each filter is a chip that takes only itself away, and the way back brings it again", async ({ page }) => {
  const list = new CandidatesPage(page);
  await list.open({ state: "completed", outcome: "pass" });
  await list.stage.selectOption({ label: "Phone Screen Passed" });
  await list.submit.click();
  await expect(list.chips).toHaveCount(3);
  const query = list.query();
  expect(query).toEqual({ state: "completed", outcome: "pass", stage: expect.any(String) });
  await ready(page);
  await list.remove("Outcome");
  await expect(list.chips).toHaveCount(2);
  expect(list.query()).toEqual({ state: "completed", stage: query["stage"] });
  await expect(list.outcome).toHaveValue("");
  await page.goBack();
  await expect(list.chips).toHaveCount(3);
  await expect(list.outcome).toHaveValue("pass");
  await page.goForward();
  await expect(list.chips).toHaveCount(2);
  await list.clear.click();
  await expect(list.chips).toHaveCount(0);
  expect(list.query()).toEqual({});
});

test("an address that was edited by hand says what it could not follow", async ({ page }) => {
  const list = new CandidatesPage(page);
  await list.open({ state: "lost", outcome: "pass" });
  await expect(page.getByText("'lost' is no state: shown without it.")).toBeVisible();
  await expect(list.chips).toHaveCount(1);
});

test("the file holds what the filter lets through", async ({ page }) => {
  const list = new CandidatesPage(page);
  const family = unique("Filed");
  await lever.pass({ name: `=Ina ${family}`, email: `${unique("filed")}@example.com`, tags: STILL });
  await expect(async () => {
    await list.open({ search: family });
    await expect(list.rows).toHaveCount(1, { timeout: 500 });
  }).toPass({ timeout: 20_000 });
  const href = await list.csv.getAttribute("href");
  const answer = await page.request.get(href!);
  expect(answer.headers()["content-type"]).toBe("text/csv; charset=utf-8");
  const lines = (await answer.text()).trimEnd().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^\uFEFFopportunity,name,email,/);
  expect(lines[1]).toContain(`,'=Ina ${family},`);
});
