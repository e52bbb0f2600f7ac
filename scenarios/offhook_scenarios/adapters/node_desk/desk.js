// A small desk on the official JavaScript SDK, as its examples lead one to write it.
//
// It logs in with the code grant, creates a notification channel, subscribes to its user's
// calls, listens on the channel's WebSocket, and reads the calls that are there. The button
// PATCHes the agent's participant; the screen follows as soon as the promise resolves, and
// stays as it was when it rejects. A lost WebSocket is opened anew after a second.
//
// It speaks the adapter protocol, version 1 (docs/reference/adapter-protocol.md), over its
// standard streams, and its clock is the harness's: time passes by "advance" alone.
"use strict";

const readline = require("node:readline");
const WebSocket = require("ws");
const platformClient = require("purecloud-platform-client-v2");

const REDIRECT_URI = "http://127.0.0.1:9/callback"; // Nobody listens: the desk reads the redirect.
const RECONNECT_AFTER_S = 1;
const ENDED = ["disconnected", "terminated"];

const client = platformClient.ApiClient.instance;
const conversationsApi = new platformClient.ConversationsApi();
const notificationsApi = new platformClient.NotificationsApi();
const usersApi = new platformClient.UsersApi();

const desk = {
  belief: { shown: "unknown", gate: "unknown" }, // The desk has no switch of its own.
  call: null, // {conversationId, participantId}
  channel: null,
  socket: null,
  now: 0, // Seconds that the harness has let pass, and what is due at which of them.
  timers: [],
  userId: null,
};

function say(offhook, message) {
  process.stdout.write(`${JSON.stringify({ offhook, ...message })}\n`);
}

function reason(error) {
  return String((error && (error.message || error.code)) || JSON.stringify(error));
}

function log(what, error) {
  console.error(error === undefined ? what : `${what}: ${reason(error)}`);
}

function show(shown) {
  if (shown === desk.belief.shown) return;
  desk.belief = { ...desk.belief, shown };
  say("belief", desk.belief);
}

function later(seconds, action) {
  desk.timers.push({ at: desk.now + seconds, action });
}

function advance({ seconds }) {
  desk.now += seconds;
  const due = desk.timers.filter(({ at }) => at <= desk.now);
  desk.timers = desk.timers.filter(({ at }) => at > desk.now);
  due.forEach(({ action }) => action());
}

async function start({ api, user, credentials: { clientId, clientSecret } }) {
  const { hostname, port } = new URL(api);
  client.setGateway({ host: hostname, protocol: "http", port: Number(port) });
  const code = await authorizationCode(api, user, clientId);
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
      log(`The WebSocket closed with ${code}`);
      later(RECONNECT_AFTER_S, () => listen().then(resolve));
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
  if (desk.socket) desk.socket.terminate();
  process.exit(0);
}

const COMMANDS = {
  start,
  set_mute: setMute,
  observe: () => say("belief", desk.belief),
  advance,
  stop,
};

async function obey(line) {
  const command = JSON.parse(line);
  const action = COMMANDS[command.offhook];
  if (!action) return; // A later version may say more.
  try {
    await action(command);
    say("done", { id: command.id });
  } catch (error) {
    say("done", { id: command.id, error: reason(error) });
  }
}

const { version } = require("purecloud-platform-client-v2/package.json");
say("hello", {
  protocol: 1,
  name: "js-sdk",
  version,
  dialect: "platform",
  can: ["set_mute", "observe"],
  clock: "shared",
});
readline
  .createInterface({ input: process.stdin })
  .on("line", obey)
  .on("close", () => process.exit(0));
