import { expect, type Locator, type Page } from "@playwright/test";

/** The focus is on the screen, has a ring, and nothing lies over it. */
export async function expectVisibleFocus(page: Page): Promise<void> {
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
export async function tabTo(page: Page, goal: Locator, most = 40): Promise<void> {
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
