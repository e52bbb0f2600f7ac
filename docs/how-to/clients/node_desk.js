// A desk on the official JavaScript SDK, and the adapter that lets it be judged.
//
// npm install purecloud-platform-client-v2 ws
// offhook check --client stdio:"node node_desk.js"
"use strict";

const readline = require("node:readline");
const WebSocket = require("ws");
const platformClient = require("purecloud-platform-client-v2");

// The client. It speaks the platform's dialect, and knows nothing of the harness.

const REDIRECT_URI = "http://127.0.0.1:9/callback"; // Nobody listens there.
const ENDED = ["disconnected", "terminated"];

class Desk {
  constructor(show) {
    this.show = show; // called with true when the screen says muted
    this.calls = new platformClient.ConversationsApi();
  }

  async start(api, user, clientId, clientSecret) {
    const { hostname, port } = new URL(api);
    const client = platformClient.ApiClient.instance;
    client.setGateway({ host: hostname, protocol: "http", port: Number(port) });
    const code = await this.authorize(api, user, clientId);
    await client.loginCodeAuthorizationGrant(clientId, clientSecret, code, REDIRECT_URI);
    this.me = await new platformClient.UsersApi().getUsersMe();
    this.topic = `v2.users.${this.me.id}.conversations.calls`;
    const notifications = new platformClient.NotificationsApi();
    this.channel = await notifications.postNotificationsChannels();
    await notifications.putNotificationsChannelSubscriptions(this.channel.id, [{ id: this.topic }]);
    this.listen();
    const { entities } = await this.calls.getConversationsCalls();
    entities.forEach((conversation) => this.take(conversation));
  }

  // What a person does in the browser: log in, be sent back with a code.
  async authorize(api, user, clientId) {
    const query = new URLSearchParams({
      client_id: clientId,
      redirect_uri: REDIRECT_URI,
      response_type: "code",
      login_hint: user,
    });
    const answer = await fetch(`${api}/oauth/authorize?${query}`, { redirect: "manual" });
    return new URL(answer.headers.get("location")).searchParams.get("code");
  }

  listen() {
    const socket = new WebSocket(this.channel.connectUri);
    socket.on("message", (data) => {
      const { topicName, eventBody } = JSON.parse(data);
      if (topicName === this.topic) this.take(eventBody);
    });
    socket.on("error", (error) => console.error(error.message));
    socket.on("close", () => setTimeout(() => this.listen(), 1000));
  }

  take({ id, participants }) {
    const mine = participants.find(
      ({ user, state }) => user && user.id === this.me.id && !ENDED.includes(state),
    );
    if (!mine) return;
    this.call = { conversationId: id, participantId: mine.id };
    this.show(mine.muted);
  }

  async setMute(muted) {
    const { conversationId, participantId } = this.call;
    try {
      await this.calls.patchConversationsCallParticipant(conversationId, participantId, { muted });
      this.show(muted);
    } catch (error) {
      // It did not work, so nothing has changed. Or has it?
      console.error(`mute=${muted} failed: ${error.status || error.message}`);
    }
  }
}

// The adapter: messages in, messages out, a line each.

const say = (offhook, more) => console.log(JSON.stringify({ offhook, ...more }));

const desk = new Desk((muted) => say("belief", { shown: muted ? "muted" : "live" }));

const commands = {
  start: ({ api, user, credentials }) =>
    desk.start(api, user, credentials.clientId, credentials.clientSecret),
  set_mute: ({ muted }) => desk.setMute(muted),
  stop: () => process.exit(0),
};

const { version } = require("purecloud-platform-client-v2/package.json");
say("hello", { protocol: 1, name: "node-desk", version, dialect: "platform", can: ["set_mute"] });
readline.createInterface({ input: process.stdin }).on("line", async (line) => {
  const { offhook, id, ...command } = JSON.parse(line);
  if (!commands[offhook]) return; // A later version may say more.
  try {
    await commands[offhook](command);
    say("done", { id });
  } catch (error) {
    say("done", { id, error: String(error.message || JSON.stringify(error)) });
  }
});
