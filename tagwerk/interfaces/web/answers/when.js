// @ts-check
/**
 * Whether a question is asked: the browser's half of `domain/designs/rules/when.py`.
 *
 * The server parses conditions to JSON; this interprets them. Both are bound by one table of cases
 * (`tests/domain/designs/when_cases.json`). A comparison with a question that has no answer is unknown (null), and so
 * is what depends on it; only a true condition holds. `== null` asks whether there is an answer.
 *
 * @typedef {{ name: string } | { value: unknown } | { list: unknown[] }} Operand
 * @typedef {{ value: boolean } | [string, ...any[]]} Condition
 * @typedef {Record<string, unknown>} Answers
 */

/** @type {Record<string, ((left: number, right: number) => boolean) | undefined>} */
const ORDERINGS = {
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

/**
 * Whether a parsed condition holds for these answers (question → value; missing or null is no answer).
 * @param {Condition} condition
 * @param {Answers} answers
 * @returns {boolean}
 */
export function evaluate(condition, answers) {
  return truth(condition, answers) === true;
}

/**
 * @param {Condition} node
 * @param {Answers} answers
 * @returns {boolean | null}
 */
function truth(node, answers) {
  if (!Array.isArray(node)) return node.value === true;
  const [sign, ...rest] = node;
  if (sign === "not") {
    const inner = truth(rest[0], answers);
    return inner === null ? null : !inner;
  }
  if (sign === "and" || sign === "or") {
    const decisive = sign === "or";
    const values = rest.map((part) => truth(part, answers));
    if (values.includes(decisive)) return decisive;
    return values.includes(null) ? null : !decisive;
  }
  return compare(sign, rest[0], rest[1], answers);
}

/**
 * @param {Operand} node
 * @param {Answers} answers
 * @returns {unknown}
 */
function operand(node, answers) {
  if ("name" in node) return Object.hasOwn(answers, node.name) ? plain(answers[node.name]) : null;
  return "value" in node ? node.value : node.list;
}

/**
 * An answer as conditions see it: nothing is null, something else than the options is "other".
 * @param {unknown} value
 * @returns {unknown}
 */
function plain(value) {
  if (value === undefined || value === null || value === "") return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(plain);
  if (typeof value === "object") return "other" in value ? "other" : null;
  return value;
}

/**
 * @param {string} sign
 * @param {Operand} leftNode
 * @param {Operand} rightNode
 * @param {Answers} answers
 * @returns {boolean | null}
 */
function compare(sign, leftNode, rightNode, answers) {
  const left = operand(leftNode, answers);
  const right = operand(rightNode, answers);
  const equality = sign === "==" || sign === "!=";
  if (equality && (isNull(leftNode) || isNull(rightNode))) return (left === right) === (sign === "==");
  if (left === null || right === null || Array.isArray(left)) return null;
  if (sign === "in" || sign === "not in") {
    return Array.isArray(right) ? right.some((item) => item === left) === (sign === "in") : null;
  }
  if (Array.isArray(right)) return null;
  if (equality) return (left === right) === (sign === "==");
  const order = ORDERINGS[sign];
  return order && typeof left === "number" && typeof right === "number" ? order(left, right) : null;
}

/**
 * @param {Operand} node
 * @returns {boolean}
 */
function isNull(node) {
  return "value" in node && node.value === null;
}
