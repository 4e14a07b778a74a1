import { expect, ready, signIn, test } from "../fixtures";
import { Frame } from "../pages/frame";
import { PreferencesPage } from "../pages/preferences";

test.beforeEach(async ({ page }) => {
  await signIn(page, "adam");
});

test.afterEach(async ({ page }) => {
  await new PreferencesPage(page).reset();
});

test("the zone that is chosen is the zone of times", async ({ page }) => {
  const preferences = new PreferencesPage(page);
  const time = page.locator("main time").first();
  await page.goto("/o/acme");
  await expect(time).toHaveText(/ CES?T$/);
  const iso = await time.getAttribute("title");

  await page.goto("/o/acme");
  const frame = new Frame(page);
  await frame.openMenu();
  await frame.menu.getByRole("link", { name: "Preferences" }).click();
  await ready(page);
  await preferences.zone.fill("tokyo");
  await page.keyboard.press("Enter");
  await expect(preferences.zone).toHaveValue("Asia/Tokyo");
  await preferences.save.click();
  await expect(preferences.told).toContainText("Saved: times are shown in Asia/Tokyo");
  await expect(preferences.zone).toHaveValue("Asia/Tokyo");

  await page.goto("/o/acme");
  await expect(time).toHaveText(/ JST$/);
  expect(iso).toMatch(/Z$/);
  await expect(time).toHaveAttribute("title", /Z$/);
});

test("the height of rows is the account's, on the page and in the menu", async ({ page }) => {
  const [preferences, frame] = [new PreferencesPage(page), new Frame(page)];
  await preferences.open();
  await ready(page);
  await preferences.rows("Compact").click();
  await preferences.save.click();
  await expect(preferences.told).toContainText("rows are compact");
  await expect(page.locator("html")).toHaveAttribute("data-density", "compact");
  await page.context().clearCookies({ name: "assay_density" });
  await page.goto("/o/acme/candidates");
  await expect(page.locator("html")).toHaveAttribute("data-density", "compact");
  await frame.openMenu();
  await frame.menu.getByRole("button", { name: "Comfortable" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-density", "comfortable");
});

test("single keys are switched off, and on again", async ({ page }) => {
  const preferences = new PreferencesPage(page);
  const keys = page.getByRole("dialog", { name: "Keys" });
  await preferences.open();
  await ready(page);
  await preferences.keys.uncheck({ force: true });
  await preferences.save.click();
  await expect(preferences.told).toContainText("single keys are off");
  await page.goto("/o/acme");
  await ready(page);
  await page.keyboard.press("?");
  await expect(keys).toBeHidden();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Go to" })).toBeVisible();
  await preferences.reset();
  await page.goto("/o/acme");
  await ready(page);
  await page.keyboard.press("?");
  await expect(keys).toBeVisible();
});

test.describe("without client code", () => {
  test.use({ javaScriptEnabled: false });

  test("the form is the browser's own", async ({ page }) => {
    const preferences = new PreferencesPage(page);
    await preferences.open();
    await page.locator("select[name=timezone]").selectOption("America/Lima");
    await preferences.save.click();
    await expect(preferences.told).toContainText("Saved: times are shown in America/Lima");
    await expect(page.locator("select[name=timezone]")).toHaveValue("America/Lima");
  });
});
