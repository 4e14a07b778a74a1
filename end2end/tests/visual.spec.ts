import { expect, ready, signIn, test } from "../fixtures";
import { TriggerPage } from "../pages/triggers";

// Compared with pictures that were looked at. After a change that is meant: `npx playwright test visual --update-snapshots`,
// and look at what changed. Only what is the same at every run: every component in every state, and pages without a past.

const looks = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "light", width: 390 },
  { colorScheme: "dark", width: 390 },
] as const;

for (const { colorScheme, width } of looks) {
  test.describe(`${colorScheme}, ${width} px`, () => {
    test.beforeEach(async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
    });

    test("the gallery looks as it did", async ({ page }) => {
      await page.goto("/dev/gallery");
      await ready(page);
      await page.evaluate(() => document.fonts.ready);
      await expect(page).toHaveScreenshot(`gallery-${colorScheme}-${width}.png`, { fullPage: true });
    });

    test("signing in, nothing there, and a form look as they did", async ({ page, trouble }) => {
      trouble.allow(/404/);
      await page.goto("/sign-in");
      await page.evaluate(() => document.fonts.ready);
      await expect(page).toHaveScreenshot(`sign-in-${colorScheme}-${width}.png`);
      await signIn(page, "sue");
      await page.goto("/o/acme/candidates/not-there");
      await ready(page);
      await expect(page).toHaveScreenshot(`not-found-${colorScheme}-${width}.png`, {
        mask: [page.locator("[data-island=live]"), page.locator(".nav .badge")],
      });
      const form = new TriggerPage(page);
      await form.open();
      await ready(page);
      // Past results: how many there are, and so how high their sentence is, changes from day to day.
      await form.outlook.evaluate((chart) => (chart.style.display = "none"));
      // In its first minutes the demo changes by itself, and the page says so.
      await page.locator(".newer-region").evaluateAll((notes) => notes.forEach((note) => (note.style.display = "none")));
      await expect(page).toHaveScreenshot(`trigger-${colorScheme}-${width}.png`, {
        fullPage: true,
        mask: [page.locator("[data-island=live]"), page.locator(".nav .badge")],
      });
    });
  });
}
