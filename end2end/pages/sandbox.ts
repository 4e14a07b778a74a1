import { expect } from "@playwright/test";

const PORT = Number(process.env.E2E_PORT ?? "3217");

async function call<T>(base: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${base}/_sandbox/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(`the sandbox answered ${path} with ${answer.status}: ${await answer.text()}`);
  }
  return (await answer.json()) as T;
}

let made = 0;

/** A word that no other person of this run has. */
export function unique(word: string): string {
  made += 1;
  return `${word}${Date.now().toString(36)}${made}`;
}

/** One candidacy as the sandbox Lever keeps it. */
export interface Opportunity {
  id: string;
  name: string;
  emails: string[];
  stage_name: string;
  tags: string[];
  links: string[];
  notes: string[];
}

/** What a test does as a recruiter in Lever. */
export const lever = {
  base: `http://127.0.0.1:${PORT + 1}`,

  /** The same at another sandbox. */
  at(port: number): typeof lever {
    return { ...this, base: `http://127.0.0.1:${port}` };
  },

  /** Puts a person into the account, outside every trigger stage. */
  add(person: { name: string; email?: string; tags?: string[] }): Promise<Opportunity> {
    const { name, email, tags = [] } = person;
    return call(this.base, "person", { name, emails: email ? [email] : [], tags });
  },

  move(opportunity: string, stage: string): Promise<Opportunity> {
    return call(this.base, "move", { opportunity, stage });
  },

  /** A new person who has just passed the phone screen. */
  async pass(person: { name: string; email?: string; tags?: string[] }): Promise<Opportunity> {
    const { id } = await this.add(person);
    return this.move(id, "Phone Screen Passed");
  },

  /** Removes a person from the account. */
  async delete(opportunity: string): Promise<void> {
    await call(this.base, "delete", { opportunity });
  },

  read(opportunity: string): Promise<Opportunity> {
    return call(this.base, `state/${opportunity}`);
  },

  async all(): Promise<Opportunity[]> {
    return (await call<{ data: Opportunity[] }>(this.base, "state")).data;
  },

  /** The page about a person in the sandbox's own interface. */
  page(opportunity: string): string {
    return `${this.base}/people/${opportunity}`;
  },
};

/** An invitation as the sandbox vendor keeps it. */
export interface Invitation {
  partner_interview_id: string;
  email: string;
  state: string;
}

/** What a test does as a candidate or at the vendor. */
export const vendor = {
  base: `http://127.0.0.1:${PORT + 2}`,

  /** The same at another sandbox. */
  at(port: number): typeof vendor {
    return { ...this, base: `http://127.0.0.1:${port}` };
  },

  async invitations(email: string): Promise<Invitation[]> {
    const all = await call<Invitation[]>(this.base, "invitations");
    return all.filter((invitation) => invitation.email === email);
  },

  /** The only invitation of an address; waits for it. */
  async invitation(email: string): Promise<Invitation> {
    await expect.poll(async () => (await this.invitations(email)).length, { timeout: 15_000 }).toBe(1);
    const [only] = await this.invitations(email);
    return only!;
  },

  /** The candidate of that address takes the test. */
  async complete(email: string, score: number): Promise<void> {
    const { partner_interview_id: interview } = await this.invitation(email);
    await call(this.base, "complete", { interview, score });
  },

  /** The next send goes out, but its answer is lost. */
  async loseNextAnswer(): Promise<void> {
    await call(this.base, "faults", { send: "drop-connection", send_times: 1 });
  },

  /** The next send is answered with no id: nothing was sent. */
  async refuseNextSend(): Promise<void> {
    await call(this.base, "faults", { send: "null-id", send_times: 1 });
  },

  /** Everything works again. */
  async mend(): Promise<void> {
    await call(this.base, "faults", {});
  },
};
