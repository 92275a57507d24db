// `npm run coverage:institutions`: what is understood of every fixture, and what is guessed of those whose bank is hidden.
import { measureCoverage, sayCoverage } from "./institution-coverage.ts";

console.log(sayCoverage(measureCoverage()));
