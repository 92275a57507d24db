import { AppError } from "../errors.ts";
import type { Routed } from "./guards.ts";

/**
 * The mail that the address names. The router leaves `%2E` and the like as they are.
 *
 * @throws AppError `not_found`, in the words given, for what no address can mean
 */
export function mailIdOf(request: Routed, notFound: string): string {
  try {
    return decodeURIComponent(request.params["id"] ?? "");
  } catch {
    throw new AppError("not_found", notFound);
  }
}
