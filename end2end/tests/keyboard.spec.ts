import { expect, ready, test } from "../fixtures";
import { CandidatesPage } from "../pages/candidates";
import { Frame } from "../pages/frame";
import { SignInPage } from "../pages/sign-in";
import type { Locator, Page } from "@playwright/test";

/** The focus is on the screen, has a ring, and nothing lies over it. */
async function expectVisibleFocus(page: Page): Promise<void> {
  const seen = await page.evaluate(() => {
    const element = document.activeElement!;
    // The ring of a search field is that of its box, which holds an icon and a key as well.
    const style = getComputedStyle(element.closest(".filter-box") ?? element);
    const box = element.getBoundingClientRect();
    const [x, y] = [box.x + Math.min(box.width / 2, 40), box.y + box.height / 2];
    const top = document.elementFromPoint(x, y);
    return {
      what: element.outerHTML.slice(0, 120),
      ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
      inView: box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth,
      onTop: top !== null && (element.contains(top) || top.contains(element)),
    };
  });
  expect(seen.ring, `ring around ${seen.what}`).toBeGreaterThanOrEqual(2);
  expect(seen.inView, `${seen.what} is in view`).toBe(true);
  expect(seen.onTop, `${seen.what} is not covered`).toBe(true);
}

/** Presses Tab until the element has the focus; every stop on the way must be visible. */
async function tabTo(page: Page, goal: Locator, most = 40): Promise<void> {
  const has = () => goal.evaluate((element) => element === document.activeElement);
  for (let stop = 0; stop < most; stop += 1) {
    await page.keyboard.press("Tab");
    await expectVisibleFocus(page);
    if (await has()) {
      return;
    }
  }
  throw new Error(`${goal} was not reached with ${most} presses of Tab`);
}

test("from signing in to a candidate without a mouse", async ({ page }) => {
  const [signIn, frame, list] = [new SignInPage(page), new Frame(page), new CandidatesPage(page)];
  await signIn.open();
  await tabTo(page, signIn.email, 1);
  await tabTo(page, signIn.password, 1);
  await tabTo(page, signIn.submit, 1);
  await tabTo(page, signIn.role("Rita, recruiter"));
  await page.keyboard.press("Enter");
  await expect(frame.heading).toHaveText("Acme");
  await ready(page);

  const skip = page.getByRole("link", { name: "Skip to content" });
  await tabTo(page, skip, 1);
  await page.keyboard.press("Enter");
  await expect(frame.content).toBeFocused();

  await page.goto("/o/acme");
  await ready(page);
  await tabTo(page, frame.link("Candidates"), 6);
  await page.keyboard.press("Enter");
  await expect(list.search).toBeVisible();
  // As after a load, the page begins with its content, but past the navigation.
  await expect(frame.content).toBeFocused();
  await tabTo(page, list.search);
  await page.keyboard.type("farid haddad");
  await page.keyboard.press("Enter");
  await expect(list.rows).toHaveCount(1);
  await tabTo(page, list.link("Farid Haddad"));
  await page.keyboard.press("Enter");
  await expect(frame.heading).toHaveText("Farid Haddad");
  await expect(frame.content).toBeFocused();
});

test("the person's menu opens, closes and signs out by keyboard", async ({ page }) => {
  const [signIn, frame] = [new SignInPage(page), new Frame(page)];
  await signIn.open();
  await signIn.role("Rita, recruiter").click();
  await ready(page);
  await tabTo(page, frame.menu.locator("summary"));
  await page.keyboard.press("Enter");
  const out = frame.menu.getByRole("button", { name: "Sign out" });
  await expect(out).toBeVisible();
  await tabTo(page, out, 7);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/sign-in");
});
