/** The version of the normal form: models that differ in it alone are not changed models. */
export const MODEL_FORM = 1;

const CLAUSES: ReadonlySet<string> = new Set([
  "WITH",
  "SELECT",
  "FROM",
  "JOIN",
  "ON",
  "USING",
  "WHERE",
  "GROUP",
  "HAVING",
  "QUALIFY",
  "WINDOW",
  "ORDER",
  "LIMIT",
  "UNION",
  "INTERSECT",
]);

/** What stands between two parentheses, or in none. */
interface Level {
  clause: string;
  isQuery: boolean;
  isRecursive: boolean;
  /** CTEs that are in force, by name in small letters. */
  ctes: Map<string, string>;
  /** One whose query is being read: another one, or a table, has its name until then. */
  pending?: [name: string, mark: string];
}

const isWord = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text);

/**
 * The normal form of a GoogleSQL statement, of its tokens without comments: words in capitals, and CTEs numbered in place
 * of their names. Words after a dot and names of tables stay as they are: fields of JSON and tables may differ in
 * their letters' case alone. Two statements of one form give the same rows.
 */
export function modelForm(tokens: readonly string[]): string[] {
  const level = (): Level => ({ clause: "", isQuery: false, isRecursive: false, ctes: new Map() });
  const levels: Level[] = [level()];
  let count = 0;
  const markOf = (name: string) =>
    levels.map(({ ctes }) => ctes.get(name.toLowerCase())).findLast((mark) => mark !== undefined);
  const list = tokens.at(-1) === ";" ? tokens.slice(0, -1) : tokens;
  const word = (index: number) => (list[index] ?? "").toUpperCase();
  return list.map((text, index) => {
    const here = levels.at(-1) as Level;
    if (text === "(") levels.push(level());
    if (text === ")" && levels.length > 1) {
      levels.pop();
      const outer = levels.at(-1) as Level;
      if (outer.pending) outer.ctes.set(...outer.pending);
      delete outer.pending;
    }
    if (!isWord(text)) return text;
    const [before, upper, after] = [word(index - 1), text.toUpperCase(), word(index + 1)];
    if (before === ".") return text;
    const isNamed = before === "WITH" || before === "RECURSIVE" || (before === "," && here.clause === "WITH");
    if (isNamed && after === "AS" && word(index + 2) === "(") {
      const mark = `#${++count}`;
      const name = text.toLowerCase();
      // Of a recursive one its own query knows the name.
      if (here.isRecursive) here.ctes.set(name, mark);
      else here.pending = [name, mark];
      return mark;
    }
    if (before === "WITH" && upper === "RECURSIVE") here.isRecursive = true;
    // EXTRACT(DAY FROM d), IS DISTINCT FROM and UNNEST(...) WITH OFFSET begin no clause.
    const isOther = upper === "FROM" ? !here.isQuery || before === "DISTINCT" : upper === "WITH" && after === "OFFSET";
    const isClause = CLAUSES.has(upper) && !isOther;
    if (isClause) {
      here.clause = upper;
      if (upper === "SELECT") here.isQuery = true;
      return upper;
    }
    const isSource =
      (before === "FROM" && here.clause === "FROM") ||
      before === "JOIN" ||
      (before === "," && (here.clause === "FROM" || here.clause === "JOIN"));
    if (isSource && after !== "(") return after === "." ? text : (markOf(text) ?? text);
    return (after === "." ? markOf(text) : undefined) ?? upper;
  });
}
