// A small desk on the official JavaScript SDK, as its examples lead one to write it.
//
// It logs in with the code grant, creates a notification channel, subscribes to its user's
// calls, listens on the channel's WebSocket, and reads the calls that are there. The button
// PATCHes the agent's participant; the screen follows as soon as the promise resolves, and
// stays as it was when it rejects. A lost WebSocket is opened anew after a second.
//
// In:  {"do": "start", "api": "http://…", "username": …, "clientId": …, "clientSecret": …,
//       "speed": 1}
//      {"do": "setMute", "muted": true}   {"do": "observe"}   {"do": "stop"}
//      each with an "id", which its answer bears
// Out: {"hello": {"sdk": "262.0.0", "node": "v20.1.0"}}
//      {"belief": {"shown": "muted", "gate": "unknown"}}    whenever it changes
//      {"id": 1, "error": null}                             the command is done; for "observe"
//                                                           with "belief"
//      {"log": "…"}                                         what a developer would see
"use strict";

const readline = require("node:readline");
const WebSocket = require("ws");
const platformClient = require("purecloud-platform-client-v2");

const REDIRECT_URI = "http://127.0.0.1:9/callback"; // Nobody listens: the desk reads the redirect.
const RECONNECT_AFTER_MS = 1000;
const ENDED = ["disconnected", "terminated"];

const client = platformClient.ApiClient.instance;
const conversationsApi = new platformClient.ConversationsApi();
const notificationsApi = new platformClient.NotificationsApi();
const usersApi = new platformClient.UsersApi();

const desk = {
  belief: { shown: "unknown", gate: "unknown" }, // The desk has no switch of its own.
  call: null, // {conversationId, participantId}
  channel: null,
  speed: 1, // How much faster than the wall's the clock runs that desk and mock share.
  socket: null,
  stopped: false,
  userId: null,
};

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function log(what, error) {
  const why = error && (error.message || error.code || JSON.stringify(error));
  say({ log: error === undefined ? what : `${what}: ${why}` });
}

function show(shown) {
  if (shown === desk.belief.shown) return;
  desk.belief = { ...desk.belief, shown };
  say({ belief: desk.belief });
}

async function start({ api, username, clientId, clientSecret, speed }) {
  desk.speed = speed || 1;
  const { hostname, port } = new URL(api);
  client.setGateway({ host: hostname, protocol: "http", port: Number(port) });
  const code = await authorizationCode(api, username, clientId);
  await client.loginCodeAuthorizationGrant(clientId, clientSecret, code, REDIRECT_URI);
  desk.userId = (await usersApi.getUsersMe()).id;
  desk.channel = await notificationsApi.postNotificationsChannels();
  await notificationsApi.putNotificationsChannelSubscriptions(desk.channel.id, [
    { id: `v2.users.${desk.userId}.conversations.calls` },
  ]);
  await listen();
  const calls = await conversationsApi.getConversationsCalls();
  (calls.entities || []).forEach(take);
}

// What a person does in the browser: log in, be sent back with a code.
async function authorizationCode(api, username, clientId) {
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    response_type: "code",
    login_hint: username,
  });
  const answer = await fetch(`${api}/oauth/authorize?${query}`, { redirect: "manual" });
  const back = new URL(answer.headers.get("location"));
  if (!back.searchParams.has("code")) throw new Error(`the login ended with ${back.search}`);
  return back.searchParams.get("code");
}

function listen() {
  return new Promise((resolve) => {
    const socket = new WebSocket(desk.channel.connectUri);
    desk.socket = socket;
    socket.on("open", resolve);
    socket.on("message", (data) => hear(JSON.parse(data.toString())));
    socket.on("error", (error) => log("The WebSocket failed", error));
    socket.on("close", (code) => {
      if (desk.stopped) return;
      log(`The WebSocket closed with ${code}`);
      setTimeout(() => listen().then(resolve), RECONNECT_AFTER_MS / desk.speed);
    });
  });
}

function hear({ topicName, eventBody }) {
  if (topicName === `v2.users.${desk.userId}.conversations.calls`) take(eventBody);
}

function take(conversation) {
  const mine = (conversation.participants || []).filter(
    (participant) => participant.user && participant.user.id === desk.userId,
  );
  const live = mine.find((participant) => !ENDED.includes(participant.state));
  if (live) {
    desk.call = { conversationId: conversation.id, participantId: live.id };
    show(live.muted ? "muted" : "live");
  } else if (desk.call && desk.call.conversationId === conversation.id) {
    desk.call = null;
    show("unknown");
  }
}

async function setMute({ muted }) {
  if (!desk.call) return log("There is no call to mute");
  const { conversationId, participantId } = desk.call;
  try {
    await conversationsApi.patchConversationsCallParticipant(conversationId, participantId, { muted });
    show(muted ? "muted" : "live");
  } catch (error) {
    log("The mute failed", error);
  }
}

function stop() {
  desk.stopped = true;
  if (desk.socket) desk.socket.terminate();
}

const COMMANDS = {
  start,
  setMute,
  observe: () => ({ belief: desk.belief }),
  stop,
};

async function obey(line) {
  const command = JSON.parse(line);
  try {
    const answer = await COMMANDS[command.do](command);
    say({ id: command.id, error: null, ...answer });
  } catch (error) {
    say({ id: command.id, error: String((error && error.message) || JSON.stringify(error)) });
  }
  if (desk.stopped) process.exit(0);
}

const { version } = require("purecloud-platform-client-v2/package.json");
say({ hello: { sdk: version, node: process.version } });
readline
  .createInterface({ input: process.stdin })
  .on("line", obey)
  .on("close", () => process.exit(0));
