import { expect, expectAccessible, signIn, test } from "../fixtures";
import { Frame } from "../pages/frame";
import { SignInPage } from "../pages/sign-in";
import { prepare, stops, visit } from "../pages/tour";

const themes = ["light", "dark"] as const;
const widths = [1280, 390] as const;

for (const theme of themes) {
  for (const width of widths) {
    test(`every page is accessible: ${theme}, ${width} px`, async ({ page, trouble }) => {
      // Some fifty pages, each looked at by axe.
      test.setTimeout(240_000);
      trouble.allow(/404|status of 40[13]/);
      const cast = await prepare(page);
      await page.setViewportSize({ width, height: 900 });
      if (width === 1280) {
        // As the system says.
        await page.emulateMedia({ colorScheme: theme });
      } else {
        // As the person says, against the system.
        await page.emulateMedia({ colorScheme: theme === "dark" ? "light" : "dark" });
        await signIn(page, "rita");
        await page.goto("/o/acme");
        await new Frame(page).choose(theme === "dark" ? "Dark" : "Light");
      }
      for (const stop of stops(cast)) {
        await test.step(stop.name, async () => {
          await visit(page, stop);
          await expectAccessible(page);
          const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          expect(beyond, "pixels that only sideways scrolling shows").toBeLessThanOrEqual(0);
        });
      }
      await test.step("the person's menu", async () => {
        await signIn(page, "rita");
        await page.goto("/o/acme");
        await new Frame(page).openMenu();
        await expectAccessible(page);
      });
      await test.step("a refused sign-in", async () => {
        await page.request.post("/sign-out", { maxRedirects: 0 });
        const form = new SignInPage(page);
        await form.open();
        await form.try(`nobody.${theme}${width}@acme.example`, "wrong");
        await expect(form.refusal).toBeVisible();
        await expectAccessible(page);
      });
    });
  }
}

test("every page fits 320 px without sideways scrolling", async ({ page, trouble }) => {
  trouble.allow(/404|status of 403/);
  test.slow();
  const cast = await prepare(page);
  await page.setViewportSize({ width: 320, height: 800 });
  for (const stop of stops(cast)) {
    await visit(page, stop);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(beyond, `pixels of ${stop.name} that only sideways scrolling shows`).toBeLessThanOrEqual(0);
  }
});
