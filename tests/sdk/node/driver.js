// The official JavaScript SDK, unmodified, driven by JSON lines.
//
// In:  {"id": 1, "call": "ConversationsApi.getConversationsCalls", "args": []}
//      {"id": 2, "call": "client.setGateway", "args": [{…}]}      a method of ApiClient.instance
//      {"id": 3, "open": "ws://…"}  {"id": 4, "send": "text"}  {"id": 5, "hangUp": true}
// Out: {"id": 1, "ok": true, "type": "object", "value": …}         what the promise did
//      {"frame": "…"}  {"closed": 1000}                            what the WebSocket heard
"use strict";

const readline = require("node:readline");
const WebSocket = require("ws");
const platform = require("purecloud-platform-client-v2");

const client = platform.ApiClient.instance;
const apis = new Map();
let socket = null;

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

// An `Error` is told apart from a plain object that merely looks like one.
function described(value) {
  if (value instanceof Error) {
    const { name, message, code, response } = value;
    return {
      type: value.isAxiosError ? "AxiosError" : name,
      value: { message, code, status: response && response.status },
    };
  }
  return { type: value === null ? "null" : typeof value, value: plain(value) };
}

function plain(value) {
  if (value === undefined) return null;
  return JSON.parse(
    JSON.stringify(value, function (key, inner) {
      return this[key] instanceof Error ? { errorName: this[key].name } : inner;
    }),
  );
}

function target(noun) {
  if (noun === "client") return client;
  if (!apis.has(noun)) apis.set(noun, new platform[noun]());
  return apis.get(noun);
}

function call({ call, args }) {
  const [noun, method] = call.split(".");
  return target(noun)[method](...(args || []));
}

function open({ open: uri }) {
  return new Promise((resolve, reject) => {
    socket = new WebSocket(uri);
    socket.on("message", (data) => say({ frame: data.toString() }));
    socket.on("close", (code) => say({ closed: code }));
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
}

async function perform(command) {
  if (command.call) return call(command);
  if (command.open) return open(command);
  if (command.send) return socket.send(command.send);
  if (command.hangUp) return socket.close();
  throw new Error(`unknown command ${JSON.stringify(command)}`);
}

// `perform` settles each command on its own, so that several may be under way.
readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line);
  perform(command).then(
    (value) => say({ id: command.id, ok: true, ...described(value) }),
    (reason) => say({ id: command.id, ok: false, ...described(reason) }),
  );
}).on("close", () => process.exit(0));
