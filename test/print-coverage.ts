// `npm run coverage:institutions`: what is understood of every fixture, and what is guessed of those whose bank is hidden.
import { measureCoverage, sayCoverage } from "./institution-coverage.ts";

process.stdout.write(`${sayCoverage(measureCoverage())}\n`);
