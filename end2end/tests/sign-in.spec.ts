import { expect, test } from "../fixtures";
import { Frame } from "../pages/frame";
import { SignInPage } from "../pages/sign-in";

const roles = [
  { button: "Sue, super admin", address: "/o/acme", heading: "Acme", role: "super admin · acme" },
  { button: "Adam, admin", address: "/o/acme", heading: "Acme", role: "admin · acme" },
  { button: "Rita, recruiter", address: "/o/acme", heading: "Acme", role: "recruiter · acme" },
  { button: "Lim, limited", address: "/o/acme", heading: "Home", role: "limited · acme" },
  { button: "Mona, account manager", address: "/", heading: "Organizations", role: "account manager" },
  { button: "Otto, owner", address: "/", heading: "Organizations", role: "owner" },
];

for (const { button, address, heading, role } of roles) {
  test(`the button of ${button} leads to ${address}`, async ({ page }) => {
    const [signIn, frame] = [new SignInPage(page), new Frame(page)];
    await signIn.open();
    await signIn.role(button).click();
    await expect(page).toHaveURL(address);
    await expect(frame.heading).toHaveText(heading);
    await expect(frame.menu.getByText(role, { exact: true })).toBeVisible();
  });
}

test("a wrong password is refused in one sentence and the address stays", async ({ page, trouble }) => {
  trouble.allow(/status of 401/);
  const signIn = new SignInPage(page);
  await signIn.open();
  await signIn.try("nobody@acme.example", "wrong");
  await expect(signIn.refusal).toHaveText("The e-mail address or the password is not right.");
  await expect(signIn.email).toHaveValue("nobody@acme.example");
  await expect(signIn.password).toHaveValue("");
});

test("someone signed out sees nothing any more, the browser's way back included", async ({ page, trouble }) => {
  trouble.allow(/status of 401/);
  const [signIn, frame] = [new SignInPage(page), new Frame(page)];
  await signIn.open();
  await signIn.role("Rita, recruiter").click();
  await expect(frame.heading).toHaveText("Acme");
  await frame.signOut();
  await expect(page).toHaveURL("/sign-in");
  await page.goBack();
  await expect(signIn.submit).toBeVisible();
  await expect(page.getByText("Recent decisions")).toHaveCount(0);
});

test("a page asked for without a session is opened after signing in", async ({ page }) => {
  const signIn = new SignInPage(page);
  await page.goto("/o/acme/candidates?state=completed");
  await expect(page).toHaveURL("/sign-in?next=%2Fo%2Facme%2Fcandidates%3Fstate%3Dcompleted");
  await signIn.role("Rita, recruiter").click();
  await expect(page).toHaveURL("/o/acme/candidates?state=completed");
});

test("an address of another site is not followed", async ({ page }) => {
  const signIn = new SignInPage(page);
  await signIn.open("//evil.example/o/acme");
  await signIn.role("Rita, recruiter").click();
  await expect(page).toHaveURL("/o/acme");
});

test("the page for signing in asks for no client code", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await new SignInPage(page).open();
  await page.waitForLoadState("networkidle");
  expect(asked.filter((path) => /\.(js|wasm)$/.test(path))).toEqual([]);
  expect(asked.filter((path) => path.endsWith(".css"))).toHaveLength(1);
  await expect(page.locator("script")).toHaveCount(0);
});
