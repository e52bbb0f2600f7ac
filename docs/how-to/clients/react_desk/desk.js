// A desk in React on the platform's API: one button, which says whether the agent is muted.
//
// It knows nothing of the harness. Where the API is it reads from its own address, as pages do
// that run in more than one region: index.html?api=http://127.0.0.1:8089&user=agent
const { createElement, useEffect, useRef, useState } = React;

const CLIENT_ID = "offhook-desktop";
const HERE = location.origin + location.pathname;
const RECONNECT_AFTER_MS = 1000;
const ENDED = ["disconnected", "terminated"];

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

// The code grant with PKCE: away to the login, back with a code.
async function logIn() {
  const query = new URLSearchParams(location.search);
  if (!query.has("code")) {
    const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
    const api = query.get("api");
    sessionStorage.setItem("login", JSON.stringify({ api, verifier }));
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
    const asked = new URLSearchParams({
      client_id: CLIENT_ID,
      response_type: "code",
      redirect_uri: HERE,
      code_challenge: base64url(digest),
      code_challenge_method: "S256",
      login_hint: query.get("user"),
    });
    location.assign(`${api}/oauth/authorize?${asked}`);
    return new Promise(() => {}); // The page is being left.
  }
  const { api, verifier } = JSON.parse(sessionStorage.getItem("login"));
  const answer = await fetch(`${api}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: CLIENT_ID,
      code: query.get("code"),
      redirect_uri: HERE,
      code_verifier: verifier,
    }),
  });
  const { access_token: token } = await answer.json();
  return async function ask(method, path, body) {
    const response = await fetch(api + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return response.status === 202 ? null : response.json();
  };
}

// Follow the user's call; `hear` is told {conversationId, participantId, muted} on every change.
async function follow(ask, hear) {
  const me = await ask("GET", "/api/v2/users/me");
  const topic = `v2.users.${me.id}.conversations.calls`;
  const channel = await ask("POST", "/api/v2/notifications/channels");
  await ask("PUT", `/api/v2/notifications/channels/${channel.id}/subscriptions`, [{ id: topic }]);
  const take = ({ id, participants }) => {
    const mine = participants.find(
      ({ user, state }) => user && user.id === me.id && !ENDED.includes(state),
    );
    if (mine) hear({ conversationId: id, participantId: mine.id, muted: mine.muted });
  };
  const listen = () => {
    const socket = new WebSocket(channel.connectUri);
    socket.onmessage = ({ data }) => {
      const { topicName, eventBody } = JSON.parse(data);
      if (topicName === topic) take(eventBody);
    };
    socket.onclose = () => setTimeout(listen, RECONNECT_AFTER_MS);
  };
  listen();
  const calls = await ask("GET", "/api/v2/conversations/calls");
  calls.entities.forEach(take);
}

function Desk() {
  const [call, setCall] = useState(null);
  const ask = useRef(null);
  const track = useRef(null);

  useEffect(() => {
    (async () => {
      ask.current = await logIn();
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      [track.current] = stream.getAudioTracks();
      await follow(ask.current, setCall);
    })().catch(console.error);
  }, []);

  useEffect(() => {
    if (track.current && call) track.current.enabled = !call.muted;
  }, [call]);

  async function press() {
    const { conversationId, participantId } = call;
    const path = `/api/v2/conversations/calls/${conversationId}/participants/${participantId}`;
    try {
      await ask.current("PATCH", path, { muted: !call.muted });
      setCall({ ...call, muted: !call.muted });
    } catch (error) {
      console.warn(error.message); // It did not work, so nothing has changed. Or has it?
    }
  }

  if (!call) return createElement("p", null, "Waiting for a call");
  const props = { id: "mute", "aria-pressed": call.muted, onClick: press };
  return createElement("button", props, call.muted ? "Unmute" : "Mute");
}

ReactDOM.createRoot(document.getElementById("desk")).render(createElement(Desk));
