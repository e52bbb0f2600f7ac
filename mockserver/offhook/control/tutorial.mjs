// The tutorial's names for JavaScript, over this mock: `PlatformClient`, `AuthClient`,
// `WebRtcApi`, and a client with `.on(…)`. The tutorial's package does not exist under that
// name, and the platform has none of these calls; this module lets its examples run as printed,
// but for the line that requires the package and for the configuration.
//
//   import { PlatformClient, AuthClient } from "http://127.0.0.1:8089/_offhook/v1/tutorial.mjs";
//
// In a browser the mock is where the module came from. On Node, save the module to a file and say
// `setEnvironment("http://127.0.0.1:8089")`; before Node 22, which brought `WebSocket`, the
// package `ws` must be there. Unofficial, and no part of any SDK.

const served = import.meta.url.startsWith("http");

const state = {
  origin: served ? new URL(import.meta.url).origin : "http://127.0.0.1:8089",
  clientId: "offhook-server",
  clientSecret: "offhook-secret",
  accessToken: null,
};

/** What the platform answered, when it was no success. */
export class ApiError extends Error {
  constructor(status, body) {
    super(body.message || body.error_description || `status ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.code = body.code || body.error;
    this.body = body;
  }
}

async function answer(response) {
  const text = await response.text();
  const body = text ? JSON.parse(text) : undefined;
  if (!response.ok) throw new ApiError(response.status, body || {});
  return { status: response.status, body };
}

async function request(method, path, body) {
  const headers = { Authorization: `Bearer ${state.accessToken}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const content = body === undefined ? undefined : JSON.stringify(body);
  return answer(await fetch(state.origin + path, { method, headers, body: content }));
}

/** The login. `setEnvironment` takes the mock's origin; without it nothing needs to be set. */
export const AuthClient = {
  setEnvironment(origin) {
    if (/^https?:/.test(origin)) state.origin = new URL(origin).origin;
  },
  setClientId(clientId) {
    state.clientId = clientId;
  },
  setClientSecret(clientSecret) {
    state.clientSecret = clientSecret;
  },
  /** Any grant of the mock: `grantType`, and the grant's own fields by their OAuth names. */
  async login({ grantType, ...fields }) {
    const form = new URLSearchParams({ grant_type: grantType, client_id: state.clientId, ...fields });
    if (state.clientSecret) form.set("client_secret", state.clientSecret);
    const { body } = await answer(
      await fetch(`${state.origin}/oauth/token`, { method: "POST", body: form }),
    );
    state.accessToken = body.access_token;
    return { ...body, expires_at: new Date(Date.now() + body.expires_in * 1000).toISOString() };
  },
};

async function webSocketClass() {
  if (globalThis.WebSocket) return globalThis.WebSocket;
  const { createRequire } = await import("node:module");
  return createRequire(import.meta.url)("ws");
}

/** One WebRTC client: its fields as they were last told, and its events. */
export class WebRtcClient {
  #handlers = new Map();
  #socket = null;

  constructor(fields) {
    Object.assign(this, fields);
  }

  /** Call `handler` with every event of that type. */
  on(type, handler) {
    this.#handlers.set(type, [...(this.#handlers.get(type) || []), handler]);
    return this;
  }

  async connect() {
    const WebSocket = await webSocketClass();
    const url = `${state.origin.replace(/^http/, "ws")}${this.selfUri}/events?role=device`;
    const socket = new WebSocket(url, [`bearer.${state.accessToken}`]);
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`The event socket ${url} could not be opened.`));
    });
  }

  disconnect() {
    if (this.#socket) this.#socket.close();
  }

  #hear(event) {
    if (event.type === "muteChanged") this.muted = event.muted;
    if (event.type === "connectionStatusChanged") this.connectionStatus = event.status;
    if (event.type === "audioLevelChanged") this.audioLevel = event.level;
    for (const handler of this.#handlers.get(event.type) || []) handler(event);
  }
}

const clients = new Map();

const path = (id) => `/api/v2/webrtc/clients/${encodeURIComponent(id)}`;

/** The calls on clients, by the tutorial's names. Each rejects with an `ApiError`. */
export const WebRtcApi = {
  async getWebRtcClient() {
    const { body } = await request("GET", "/api/v2/webrtc/clients/me");
    const client = new WebRtcClient(body);
    await client.connect();
    clients.set(client.id, client);
    return client;
  },
  async postWebRtcClientMute(id, muteRequest) {
    return request("POST", `${path(id)}/mute`, muteRequest);
  },
  async deleteWebRtcClient(id) {
    const done = await request("DELETE", path(id));
    if (clients.has(id)) clients.get(id).disconnect();
    clients.delete(id);
    return done;
  },
};

const platformClient = Object.freeze({ AuthClient, WebRtcApi });

/** The one platform client, however often it is asked for. */
export function PlatformClient() {
  return platformClient;
}
