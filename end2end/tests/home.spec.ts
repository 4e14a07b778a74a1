import { expect, signIn, test } from "../fixtures";
import { CandidatePage } from "../pages/candidate";
import { Frame } from "../pages/frame";
import { HomePage, STEPS } from "../pages/home";
import { lever, unique, vendor } from "../pages/sandbox";

test.beforeEach(async ({ page }) => {
  await signIn(page, "rita");
});

test("the funnel counts a person from the order to the note in Lever", async ({ page }) => {
  const home = new HomePage(page);
  await home.open();
  for (const [at, word] of STEPS.entries()) {
    await expect(home.steps.nth(at)).toContainText(word);
  }
  await expect(home.steps).toHaveCount(STEPS.length);
  const before = await home.funnel();

  const email = `${unique("funnel")}@example.com`;
  await lever.pass({ name: unique("Funnel Person "), email });
  await vendor.complete(email, 55);
  await expect(async () => {
    await home.open();
    const now = await home.funnel();
    // Other people of the demo may have come further meanwhile; nobody goes back.
    expect(now.map((n, at) => n - before[at]!).every((more) => more >= 1)).toBe(true);
    expect(now).toEqual([...now].sort((a, b) => b - a));
  }).toPass({ timeout: 25_000 });
});

test("a recent decision is in words and leads to its candidate", async ({ page }) => {
  const [home, frame] = [new HomePage(page), new Frame(page)];
  const name = unique("Decided Person ");
  await lever.pass({ name, email: `${unique("decided")}@example.com`, tags: ["Data screen", "SQL basics"] });
  const line = home.decisions.filter({ hasText: name });
  await expect(async () => {
    await home.open();
    await expect(line).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
  await expect(line).toContainText("Phone Screen Passed · Py");
  await expect(line).toContainText("Not invited: several tests tagged");
  await line.getByRole("link", { name }).click();
  await expect(frame.heading).toHaveText(name);
  await expect(new CandidatePage(page).answer).toContainText("Not invited: several tests tagged");
});

test("the sentence on health follows what waits for a person", async ({ page }) => {
  const [home, candidate] = [new HomePage(page), new CandidatePage(page)];
  // How many of the past are unclear changes from day to day, and only the first ten are listed.
  const unclear = home.waiting.filter({ hasText: "Unclear whether it arrived" });
  for (await home.open(); (await unclear.count()) > 8; await home.open()) {
    await unclear.first().getByRole("link").click();
    await candidate.arrived.first().click();
    await expect(page.getByText("found that the invitation had arrived").first()).toBeVisible();
  }
  const name = unique("Waiting Person ");
  const email = `${unique("waiting")}+500@example.com`;
  await lever.pass({ name, email });
  const line = home.waiting.filter({ hasText: name });
  await expect(async () => {
    await home.open();
    await expect(line).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
  const sends = /^(\d+) sends? with an unknown end\./;
  const unknown = async () => Number(sends.exec((await home.health.textContent()) ?? "")?.[1] ?? "0");
  await expect(home.health).toHaveText(sends);
  const before = await unknown();
  expect(before).toBe(await home.waiting.filter({ hasText: "Unclear whether it arrived" }).count());

  await line.getByRole("link", { name }).click();
  await candidate.arrived.click();
  await expect(candidate.arrived).toHaveCount(0);
  await home.open();
  await expect(line).toHaveCount(0);
  expect(await unknown()).toBe(before - 1);
});

test("results by day and the last day's deliveries are pictures with their numbers as words", async ({ page }) => {
  const home = new HomePage(page);
  await home.open();
  await expect(home.results.getByRole("img", { name: "Results by day and outcome" })).toBeVisible();
  await home.results.getByText("Show as table").click();
  await expect(home.results.getByRole("row")).toHaveCount(43);
  const strip = home.deliveries.getByRole("img", { name: /^Deliveries, last 24 hours: / });
  await expect(strip).toBeVisible();
  await home.deliveries.getByText("Show as list").click();
  await expect(home.deliveries.getByRole("listitem")).toHaveCount(24);
  await expect(home.deliveries.getByRole("listitem").last()).toContainText("last hour: ");
});
