// Reads an AsyncAPI document from stdin and prints what its own parser finds wrong: severity 0.
const { Parser } = require("@asyncapi/parser");

let text = "";
process.stdin.on("data", (piece) => {
  text += piece;
});
process.stdin.on("end", async () => {
  const { document, diagnostics } = await new Parser().parse(text);
  console.log(JSON.stringify({ read: document !== undefined, diagnostics }));
});
