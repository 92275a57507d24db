import { sessionCookie } from "../access/cookies.ts";
import type { App } from "../app.ts";
import { redirect } from "./answers.ts";
import { isSecure, personOf } from "./guards.ts";

/** `POST /sign-out`: ends this browser's session. */
export async function signOut(request: Request, app: App): Promise<Response> {
  const person = await personOf(request, app);
  if (person !== null) await app.store.revokeSession(person.accountId, person.id);
  return redirect("/", { "set-cookie": sessionCookie(null, isSecure(app)) });
}
