// Validates documents: a line of JSON with one in, a line of JSON with what is wrong with it out.
import { createInterface } from "node:readline";
import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  extends: ["html-validate:standard"],
  rules: {
    // How sources look is nobody's business here.
    "no-trailing-whitespace": "off",
    "no-inline-style": "error",
    "attr-quotes": "off",
    "doctype-style": "off",
    "void-style": "off",
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "no-implicit-button-type": "off",
    "prefer-native-element": "off",
    "long-title": "off",
    "unique-landmark": "error",
  },
});

for await (const line of createInterface({ input: process.stdin })) {
  const report = await validator.validateString(JSON.parse(line));
  const wrong = report.results.flatMap(({ messages }) => messages)
    .map(({ ruleId, message, line: row, column }) => `${row}:${column} ${ruleId}: ${message}`);
  process.stdout.write(`${JSON.stringify(wrong)}\n`);
}
