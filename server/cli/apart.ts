/** Commands that open an installation in their own way, or none, with what they do. */
export const APART: ReadonlyArray<readonly [name: string, about: string]> = [
  ["init", "writes a commented fullcourt.config.ts; --dbt FILE takes in the models of a dbt manifest"],
  ["tables", "the tables of this installation; --markdown writes docs/tables.md"],
  ["restore", "puts a backup into an empty home"],
  ["serve", "the dashboard"],
  ["bench", "the benchmark"],
];
