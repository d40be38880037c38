// Reads {"schema": …, "documents": [text, …]} and writes, for each document, what ajv and VS Code's JSON service say of it.
const Ajv = require("ajv/dist/2020");
const formats = require("ajv-formats");
const { getLanguageService, TextDocument } = require("vscode-json-languageservice");

async function main() {
  const { schema, documents } = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const ajv = new Ajv({ allErrors: true, strictTypes: false });
  formats(ajv);
  const accepts = ajv.compile(schema);
  const service = getLanguageService({ workspaceContext: { resolveRelativePath: (path) => path } });
  const answers = [];
  for (const text of documents) {
    const byAjv = accepts(JSON.parse(text)) ? [] : accepts.errors.map((e) => `${e.instancePath} ${e.message}`);
    const document = TextDocument.create("file:///facts.json", "json", 1, text);
    const parsed = service.parseJSONDocument(document);
    const found = await service.doValidation(document, parsed, { schemaValidation: "error" }, schema);
    answers.push({ ajv: byAjv, editor: found.map((d) => `${d.range.start.line + 1} ${d.message}`) });
  }
  console.log(JSON.stringify(answers));
}

main();
