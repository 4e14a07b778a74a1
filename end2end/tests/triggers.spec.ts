import { expect, ready, signIn, test } from "../fixtures";
import { TriggerPage, TriggersPage } from "../pages/triggers";
import type { Page } from "@playwright/test";

const STAGE = "Phone Screen Passed";

/** Takes away the rows that a test added. */
async function tidy(page: Page): Promise<void> {
  const list = new TriggersPage(page);
  const others = list.rows.filter({ hasNotText: STAGE });
  for (await list.open(); (await others.count()) > 0; await list.open()) {
    await others.first().getByRole("button", { name: "Remove" }).click();
    await expect(list.undo).toBeVisible();
  }
}

test.describe("with client code", () => {
  test.beforeEach(async ({ page }) => {
    await signIn(page, "sue");
  });

  test.afterEach(async ({ page }) => {
    await tidy(page);
  });

  test("a row is added, switched off and on, removed, and brought back", async ({ page }) => {
    const [list, form] = [new TriggersPage(page), new TriggerPage(page)];
    await list.open();
    await ready(page);
    await list.add.click();
    await expect(form.save).toBeVisible();
    await form.choose(form.stage, "On-site");
    await form.choose(form.test, "SQL basics");
    await form.pass.fill("70");
    await form.fail.fill("30");
    await form.save.click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("On-site");
    await list.open();
    await ready(page);
    await expect(list.row("On-site")).toContainText("SQL basics");
    await expect(list.row("On-site")).toContainText("70");

    await list.button("On-site", "Switch off").click();
    await expect(list.row("On-site")).toContainText("Off");
    await list.button("On-site", "Switch on").click();
    // Who is there already is offered on the row's own page.
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("On-site");
    await expect(page.getByRole("heading", { name: "Already in the stage" })).toBeVisible();

    await list.open();
    await ready(page);
    await list.button("On-site", "Remove").click();
    await expect(list.row("On-site")).toHaveCount(0);
    await list.undo.click();
    await expect(list.row("On-site")).toHaveCount(1);
  });

  test("the counts and the picture follow the thresholds while they are typed", async ({ page }) => {
    const [list, form] = [new TriggersPage(page), new TriggerPage(page)];
    await list.open();
    await list.row(STAGE).getByRole("link").first().click();
    await ready(page);
    await expect(form.outlook).toBeVisible();
    const before = await form.split();
    expect(before.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(20);
    await form.pass.fill("101");
    await expect(form.counts.last()).toHaveText("0");
    await form.pass.fill("60");
    await expect(form.counts.last()).not.toHaveText("0");
    const after = await form.split();
    expect(after[2]!).toBeGreaterThan(before[2]!);
    expect(after.reduce((sum, n) => sum + n, 0)).toBe(before.reduce((sum, n) => sum + n, 0));
    await form.fail.fill("60");
    await expect(page.getByText("must be a number below the pass threshold")).toBeVisible();
  });

  test("a change is tried on those who came lately before it is saved", async ({ page }) => {
    const [list, form] = [new TriggersPage(page), new TriggerPage(page)];
    await list.open();
    await list.row(STAGE).getByRole("link").first().click();
    await ready(page);
    await form.tryOut.click();
    await expect(form.tried).toContainText("Nothing would have been different");
    await form.pass.fill("60");
    await form.tryOut.click();
    await expect(form.tried).toContainText("Outcome: Needs review → Pass");
    await expect(form.tried.getByRole("row", { name: "Last 90 days" })).toContainText("→");
    await expect(form.pass).toHaveValue("60");
    await list.open();
    await expect(list.row(STAGE)).toContainText("pass at 80");
  });

  test("a refused form says what is wrong at its field and keeps what was typed", async ({ page }) => {
    const form = new TriggerPage(page);
    await form.open();
    await ready(page);
    await form.choose(form.stage, "On-site");
    await form.pass.fill("40");
    await form.fail.fill("80");
    await form.cooldown.fill("ten days");
    await form.save.click();
    await expect(page.getByRole("alert").first()).toContainText("Not saved");
    await expect(form.fail).toHaveAttribute("aria-invalid", "true");
    await expect(form.cooldown).toHaveAttribute("aria-invalid", "true");
    await expect(form.stage).toHaveValue("On-site");
    await expect(form.pass).toHaveValue("40");
    await expect(form.cooldown).toHaveValue("ten days");
    await expect(page.locator("main [role=alert]").first()).toBeFocused();
    await new TriggersPage(page).open();
    await expect(new TriggersPage(page).row("On-site")).toHaveCount(0);
  });

  test("postings are searched while one types", async ({ page }) => {
    const form = new TriggerPage(page);
    await form.open();
    await ready(page);
    const all = await form.postings.count();
    expect(all).toBeGreaterThan(1);
    const word = ((await form.postings.last().textContent()) ?? "").trim().split(" ")[0]!;
    await form.find.fill(word.toUpperCase());
    await expect(form.postings.last()).toBeVisible();
    await form.find.fill("no such posting");
    await expect(form.postings.locator("visible=true")).toHaveCount(0);
  });

  test("two people change the same rules: the second is told, and nothing is lost", async ({ page, context }) => {
    const [first, form] = [new TriggerPage(page), new TriggerPage(await context.newPage())];
    await first.open();
    await form.open();
    await ready(page);
    await ready(form.page);
    for (const [one, stage] of [[first, "On-site"], [form, "Offer"]] as const) {
      await one.page.bringToFront();
      await one.choose(one.stage, stage);
      await one.save.click();
      await expect(one.page.getByRole("heading", { level: 1 })).toHaveText(one === first ? stage : "New trigger stage");
    }
    await expect(form.page.getByRole("alert").first()).toContainText("sue@acme.example");
    await expect(form.stage).toHaveValue("Offer");
    await form.save.click();
    await expect(form.page.getByRole("heading", { level: 1 })).toHaveText("Offer");
  });
});

test.describe("without client code", () => {
  test.use({ javaScriptEnabled: false });

  test("a row is added and removed, and thresholds are previewed", async ({ page }) => {
    await signIn(page, "sue");
    const [list, form] = [new TriggersPage(page), new TriggerPage(page)];
    await list.open();
    await list.add.click();
    await page.locator("select[name='draft[stage]']").selectOption({ label: "On-site" });
    await page.locator("select[name='draft[default_test]']").selectOption({ index: 1 });
    await form.pass.fill("101");
    await form.fail.fill("10");
    await form.tryOut.click();
    await expect(form.pass).toHaveValue("101");
    await form.pass.fill("70");
    await form.tryOut.click();
    await expect(form.counts.last()).not.toHaveText("0");
    await expect(page.getByText("Nobody entered this stage in the last 90 days")).toBeVisible();
    await form.save.click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("On-site");
    await list.open();
    await list.button("On-site", "Remove").click();
    await expect(list.row("On-site")).toHaveCount(0);
  });
});
