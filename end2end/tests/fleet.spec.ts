import { readFile } from "node:fs/promises";

import { expect, ready, signIn, test } from "../fixtures";
import { FleetPage } from "../pages/fleet";
import { Frame } from "../pages/frame";

test.beforeEach(async ({ page }) => {
  await signIn(page, "mona");
});

test("an organization has its state, its cause in words and its day, and leads to its home", async ({ page }) => {
  const [fleet, frame] = [new FleetPage(page), new Frame(page)];
  await fleet.open();
  const acme = fleet.row("Acme");
  await expect(acme).toContainText(/Healthy|Degraded|Failing/);
  await expect(acme.getByRole("img", { name: /^Hours: / })).toBeVisible();
  await expect(acme).toContainText("Not accepted: ");
  await acme.getByRole("link", { name: "Acme", exact: true }).click();
  await expect(frame.heading).toHaveText("Acme");
});

test("names and states narrow the list by its address", async ({ page }) => {
  const fleet = new FleetPage(page);
  await fleet.open();
  await ready(page);
  await fleet.search.fill("zzzz");
  await fleet.submit.click();
  await expect(page).toHaveURL("/?q=zzzz");
  await expect(page.getByText("No organization matches these filters")).toBeVisible();
  await expect(fleet.state("All")).toContainText("0");
  await page.getByRole("link", { name: "Show all organizations" }).click();
  await expect(fleet.row("Acme")).toHaveCount(1);

  await fleet.state("Being set up").click();
  await expect(page).toHaveURL("/?state=setting-up");
  await expect(fleet.row("Acme")).toHaveCount(0);
  await expect(fleet.state("Being set up")).toHaveAttribute("aria-current", "page");
  await page.goBack();
  await expect(fleet.row("Acme")).toHaveCount(1);
});

test("the list is kept as a file", async ({ page }) => {
  const fleet = new FleetPage(page);
  await fleet.open({ q: "acme" });
  const [download] = await Promise.all([page.waitForEvent("download"), fleet.file.click()]);
  expect(download.suggestedFilename()).toBe("fleet.csv");
  const text = await readFile(await download.path(), "utf8");
  const [heads, ...lines] = text.trimEnd().split("\r\n");
  expect(heads).toMatch(/^\ufefforganization,name,state,/);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^acme,Acme,/);
  expect(lines[0]).toMatch(/,\d{4}-\d\d-\d\dT[\d:.]+Z,/);
});

test("someone of an organization is led to their own home", async ({ page }) => {
  await signIn(page, "rita");
  await page.goto("/");
  await expect(page).toHaveURL("/o/acme");
  const file = await page.request.get("/fleet.csv");
  expect(file.status()).toBe(403);
});
