import { expect, ready, signIn, test } from "../fixtures";
import { PreferencesPage } from "../pages/preferences";
import { ReviewPage, ReviewsPage } from "../pages/reviews";
import { lever } from "../pages/sandbox";

// The demo has nineteen results of which only a person can say whose they are. The tests use some of them up, in order.

const tags = async (name: string): Promise<string[]> => {
  const found = (await lever.all()).filter((o) => o.name === name);
  return found.flatMap((o) => o.tags).filter((tag) => tag.startsWith("Py - "));
};

test("keys alone clear reviews, twenty a minute, and one is taken back", async ({ page }) => {
  const [reviews, review] = [new ReviewsPage(page), new ReviewPage(page)];
  await signIn(page, "rita");
  await reviews.until(19);
  await expect(reviews.waiting).toHaveText(/^19/);
  await ready(page);
  await page.keyboard.press("j");
  await expect(review.heading).toHaveText("Marta Nowak");
  await expect(review.writes).toContainText("the tag Py - Pass and a link to the report");
  expect(await tags("Marta Nowak"), "nothing is written before").toEqual([]);

  const started = Date.now();
  const verdicts = ["Enter", "Enter", "n", "s", "u", "Enter"];
  for (const [n, key] of verdicts.entries()) {
    if (n === 5 && (await review.candidates.count()) > 1) {
      await page.keyboard.press("2");
      await expect(review.chosen).toContainText("2");
    }
    await review.press(key);
  }
  const perMinute = (verdicts.length * 60_000) / (Date.now() - started);
  expect(perMinute, "decisions a minute").toBeGreaterThan(20);
  await expect.poll(() => tags("Marta Nowak"), { timeout: 15_000 }).toEqual(["Py - Pass"]);
  await expect.poll(() => tags("Robert Ellison"), { timeout: 15_000 }).toEqual(["Py - Needs Review"]);

  // The last one is taken back by its key, and comes back.
  const next = await review.heading.textContent();
  await page.keyboard.press("z");
  await expect(review.heading).not.toHaveText(next!);
  await expect(review.link).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(review.queue.first()).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("Reviews");
});

test("the way back lasts eight seconds on the page, and for ever in the history", async ({ page }) => {
  const [reviews, review] = [new ReviewsPage(page), new ReviewPage(page)];
  await signIn(page, "rita");
  await page.goto("/o/acme/reviews/history");
  const decided = page.getByRole("row").filter({ hasText: "Marta Nowak" }).filter({ hasText: "linked it" });
  await expect(decided).toContainText("took ");
  await decided.getByRole("button", { name: "Take back" }).click();
  await expect(page.getByRole("row").filter({ hasText: "took the decision back" }).first()).toBeVisible();
  await expect.poll(() => tags("Marta Nowak"), { timeout: 15_000 }).toEqual([]);
  await reviews.open();
  await reviews.link("Marta Nowak").click();
  await ready(page);
  await review.press("n");
  await expect(review.undo).toBeVisible();
  await expect(review.undo).toBeHidden({ timeout: 10_000 });
});

test("what is the same and the figures are left out by a key, on the next result too", async ({ page }) => {
  const [reviews, review] = [new ReviewsPage(page), new ReviewPage(page)];
  await signIn(page, "rita");
  await reviews.open();
  await ready(page);
  await page.keyboard.press("j");
  await expect(review.chosen).toBeVisible();
  const [same, evidence] = [page.locator(".compare-agrees").first(), page.getByRole("heading", { name: "The evidence" })];
  await expect(same).toBeVisible();
  for (const key of ["d", "v"]) await page.keyboard.press(key);
  await expect(same).toBeHidden();
  await expect(evidence).toBeHidden();
  await expect(review.chosen.locator(".badge")).toBeHidden();

  const name = await review.heading.textContent();
  await page.keyboard.press("j");
  await expect(review.heading).not.toHaveText(name!);
  await expect(page.getByLabel("Only what differs")).toBeChecked();
  await expect(evidence).toBeHidden();
  for (const key of ["d", "v"]) await page.keyboard.press(key);
  await expect(evidence).toBeVisible();
});

test("of two people at one result the second is told what the first decided", async ({ page, browser, trouble }) => {
  trouble.allow(/status of 409/);
  const other = await (await browser.newContext()).newPage();
  await signIn(page, "rita");
  await signIn(other, "adam");
  await new ReviewsPage(page).open();
  const address = await new ReviewsPage(page).address("Jonas Keller");
  await page.goto(address);
  await ready(page);
  await other.goto(address);
  await expect(new ReviewPage(other).notes).toContainText("rita@acme.example is looking at this too.");
  await expect(new ReviewPage(page).notes).toContainText("adam@acme.example is looking at this too.", { timeout: 10_000 });
  await expect(new ReviewPage(other).candidates).toHaveCount(2);
  // What the second sends was on the screen before the first decided.
  const form = await other.locator("form.verdict").evaluate((element: HTMLFormElement) =>
    [...new FormData(element)].map(([name, value]) => [name, String(value)] as const),
  );
  await new ReviewPage(page).press("n");
  const answer = await other.request.post("/app/review-decide", {
    form: { ...Object.fromEntries(form), verdict: "link" },
    headers: { Referer: new URL(address, page.url()).href, Accept: "text/html" },
  });
  expect(await answer.text()).toContain("rita@acme.example found meanwhile that it is none of these");
  await other.context().close();
});

test("with single keys switched off no key decides", async ({ page }) => {
  const preferences = new PreferencesPage(page);
  await signIn(page, "adam");
  await preferences.open();
  await ready(page);
  await preferences.keys.uncheck({ force: true });
  await preferences.save.click();
  await expect(preferences.told).toContainText("single keys are off");
  const reviews = new ReviewsPage(page);
  await reviews.open();
  const address = await reviews.address("Ines Prado");
  await page.goto(address);
  await ready(page);
  for (const key of ["n", "s", "u", "Enter", "2", "j"]) {
    await page.keyboard.press(key);
  }
  await expect(new ReviewPage(page).heading).toHaveText("Ines Prado");
  expect(new URL(page.url()).pathname).toBe(address);
  await expect(new ReviewPage(page).left).toBeVisible();
  await preferences.reset();
});

test("Enter presses what has the focus, and nothing else", async ({ page }) => {
  const [reviews, review] = [new ReviewsPage(page), new ReviewPage(page)];
  await signIn(page, "rita");
  await reviews.open();
  await page.goto(await reviews.address("Ines Prado"));
  await ready(page);
  await review.candidates.nth(1).focus();
  await page.keyboard.press("Enter");
  await expect(review.chosen).toContainText("2");
  await expect(review.left, "nothing was decided").toBeVisible();
});

test.describe("without client code", () => {
  test.use({ javaScriptEnabled: false });

  test("a result is decided and taken back by plain forms", async ({ page }) => {
    const [reviews, review] = [new ReviewsPage(page), new ReviewPage(page)];
    await signIn(page, "rita");
    await reviews.open();
    await reviews.link("Ines Prado").click();
    await review.candidates.nth(1).click();
    await expect(review.chosen).toContainText("Ines Prado");
    await review.link.click();
    await expect(review.toast).toContainText("The result of Ines Prado is linked");
    await review.undo.click();
    await expect(review.heading).toHaveText("Ines Prado");
    await expect(review.link).toBeVisible();
  });

  test("a file brings results in, and a bad line is told", async ({ page }) => {
    await signIn(page, "adam");
    await page.goto("/o/acme/results");
    const file = (text: string) => ({ name: "results.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    const header = "email,test,score,completed_at\n";
    await page.locator("#file").setInputFiles(file(`${header}nobody.here@example.com,Backend screen,8O,2026-03-01\n`));
    await page.getByRole("button", { name: "Take the file" }).click();
    await expect(page.getByRole("alert")).toContainText("Line 2: score \"8O\" is no number");
    await page.locator("#file").setInputFiles(file(`${header}nobody.here@example.com,Backend screen,80,2026-03-01\n`));
    await page.getByRole("button", { name: "Take the file" }).click();
    await expect(page.getByRole("main").getByRole("status").filter({ hasText: "1 result is taken" })).toBeVisible();
  });
});
