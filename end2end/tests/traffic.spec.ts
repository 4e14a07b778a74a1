import { expect, ready, signIn, test } from "../fixtures";
import { CandidatePage } from "../pages/candidate";
import { DeliveriesPage, DeliveryPage } from "../pages/deliveries";
import { Frame } from "../pages/frame";
import { JobsPage } from "../pages/jobs";
import { lever, unique, vendor } from "../pages/sandbox";
import type { Page } from "@playwright/test";

/** Somebody whom Lever forgot before the result could be written: the job that was to write it is cancelled. */
async function forgotten(page: Page): Promise<string> {
  const name = unique("Gone Person ");
  const email = `${unique("gone")}@example.com`;
  const { id } = await lever.pass({ name, email });
  const candidate = new CandidatePage(page);
  await candidate.find(name);
  await candidate.until("Invited");
  await lever.delete(id);
  await vendor.complete(email, 90);
  const jobs = new JobsPage(page);
  await expect(async () => {
    await jobs.open({ state: "cancelled", kind: "write-back" });
    await expect(jobs.about(name).first()).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 25_000 });
  return name;
}

test.describe("with client code", () => {
  test.beforeEach(async ({ page }) => {
    await signIn(page, "rita");
  });

  test("a delivery is found by its filters, opened and replayed", async ({ page }) => {
    const [list, delivery, frame] = [new DeliveriesPage(page), new DeliveryPage(page), new Frame(page)];
    const name = unique("Delivered Person ");
    const { id } = await lever.pass({ name, email: `${unique("delivered")}@example.com` });
    await list.find(id);
    await expect(delivery.overview).toContainText("Invited to Backend screen");
    await expect(delivery.overview.getByRole("link", { name })).toBeVisible();
    await expect(delivery.payload).toContainText("(not shown)");
    await expect(delivery.payload).toContainText(id);

    await ready(page);
    await delivery.replay.click();
    await expect(delivery.said).toHaveText("The delivery is processed again.");
    await expect(async () => {
      await page.reload();
      await expect(delivery.overview).toContainText("Nothing new to decide.", { timeout: 500 });
    }).toPass({ timeout: 15_000 });
    await delivery.overview.getByRole("link", { name, exact: true }).click();
    await expect(frame.heading).toHaveText(name);
    await expect(new CandidatePage(page).orders).toHaveCount(1);
  });

  test("filters of deliveries are chips in the address, and can be taken away", async ({ page }) => {
    const list = new DeliveriesPage(page);
    await list.open();
    await expect(list.rows.first()).toBeVisible();
    await list.event.fill("candidateStageChange");
    await list.status.selectOption({ label: "Handled" });
    await list.submit.click();
    await expect(list.chips).toHaveCount(3);
    expect(list.query()).toEqual({ event: "candidateStageChange", status: "done" });
    await expect(list.status).toHaveValue("done");
    await list.page.getByRole("link", { name: "Remove the filter Status: Handled" }).click();
    await expect(list.chips).toHaveCount(2);
    expect(list.query()).toEqual({ event: "candidateStageChange" });
    await list.clear.click();
    await expect(list.chips).toHaveCount(0);
    await page.goBack();
    await expect(list.event).toHaveValue("candidateStageChange");

    await list.open({ opportunity: unique("nobody") });
    await expect(page.getByText("No delivery matches these filters")).toBeVisible();
    await page.getByRole("link", { name: "Show all deliveries" }).click();
    await expect(list.rows.first()).toBeVisible();
  });

  test("jobs are listed by state and kind", async ({ page }) => {
    const jobs = new JobsPage(page);
    await jobs.open();
    await expect(jobs.tab("Waiting")).toHaveAttribute("aria-current", "page");
    // The sweep is always due again.
    await expect(async () => {
      await page.reload();
      await expect(jobs.rows.filter({ hasText: "Look for what no webhook told" })).toHaveCount(1, { timeout: 500 });
    }).toPass({ timeout: 15_000 });
    await jobs.tab("Done").click();
    await expect(jobs.tab("Done")).toHaveAttribute("aria-current", "page");
    await jobs.kind.selectOption({ label: "Invite at the vendor" });
    await jobs.submit.click();
    await expect(jobs.kind).toHaveValue("send");
    await expect(jobs.rows.first()).toContainText("Invite at the vendor");
    await expect(jobs.rows.filter({ hasText: "Read Lever and decide" })).toHaveCount(0);
    await jobs.open({ state: "dead" });
    await expect(page.getByText("No job is dead")).toBeVisible();
  });

  test("a cancelled job is tried again", async ({ page }) => {
    test.slow();
    const jobs = new JobsPage(page);
    const name = await forgotten(page);
    await jobs.about(name).first().getByRole("button", { name: "Try again" }).click();
    await expect(jobs.said).toHaveText("1 job is tried again.");
  });

  test("keys lead to the lists", async ({ page }) => {
    const frame = new Frame(page);
    await page.goto("/o/acme");
    await ready(page);
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    await expect(frame.heading).toHaveText("Deliveries");
    await page.keyboard.press("/");
    await expect(new DeliveriesPage(page).event).toBeFocused();
    await frame.content.focus();
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await expect(frame.heading).toHaveText("Jobs");
  });

  test("an account manager sees no names, and may have things done again", async ({ page }) => {
    await signIn(page, "mona");
    const [list, jobs] = [new DeliveriesPage(page), new JobsPage(page)];
    await list.open();
    await expect(list.rows.first()).toBeVisible();
    await expect(page.locator("main")).not.toContainText("Haddad");
    await list.rows.first().getByRole("rowheader").getByRole("link").click();
    await expect(page.getByRole("region", { name: "Payload", exact: true })).toBeVisible();
    await expect(new DeliveryPage(page).replay).toBeVisible();
    await jobs.open({ state: "cancelled" });
    await expect(jobs.tab("Cancelled")).toHaveAttribute("aria-current", "page");
    await expect(page.locator("main")).not.toContainText("Haddad");
  });
});

test.describe("without client code", () => {
  test.use({ javaScriptEnabled: false });

  test.beforeEach(async ({ page }) => {
    await signIn(page, "rita");
  });

  test("a delivery is replayed", async ({ page }) => {
    const [list, delivery] = [new DeliveriesPage(page), new DeliveryPage(page)];
    const { id } = await lever.pass({ name: unique("Plain Delivery "), email: `${unique("plain")}@example.com` });
    await list.find(id);
    const address = new URL(page.url()).pathname;
    await delivery.replay.click();
    await expect(page).toHaveURL((url) => url.pathname === address);
    await expect(delivery.said).toHaveText("The delivery is processed again.");
  });

  test("a cancelled job is tried again", async ({ page }) => {
    test.slow();
    const jobs = new JobsPage(page);
    const name = await forgotten(page);
    await jobs.about(name).first().getByRole("button", { name: "Try again" }).click();
    await expect(jobs.said).toHaveText("1 job is tried again.");
    await expect(page).toHaveURL((url) => url.searchParams.get("state") === "cancelled");
  });
});
