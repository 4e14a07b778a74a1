import { expect, ready, test } from "../fixtures";
import { CandidatesPage } from "../pages/candidates";
import { Frame } from "../pages/frame";
import { tabTo } from "../pages/focus";
import { SignInPage } from "../pages/sign-in";

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
