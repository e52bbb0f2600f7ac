// What the tutorial's complete example does, on the mock's module of its names: it logs in,
// gets the client, listens, mutes, unmutes, cleans up. Only where the module is and where the
// mock listens is ours.
import { pathToFileURL } from "node:url";

const [module, origin] = process.argv.slice(2);
const { PlatformClient } = await import(pathToFileURL(module).href);

const platformClient = PlatformClient();
platformClient.AuthClient.setEnvironment(origin);
await platformClient.AuthClient.login({
  grantType: "password",
  username: "agent",
  password: "agent-password",
});
const client = await PlatformClient().WebRtcApi.getWebRtcClient();
const heard = [];
const changed = new Map();
client.on("muteChanged", (event) => {
  heard.push(event.muted);
  if (changed.has(event.muted)) changed.get(event.muted)();
});
const statuses = [];
async function mute(muted) {
  const told = new Promise((resolve) => changed.set(muted, resolve));
  const response = await platformClient.WebRtcApi.postWebRtcClientMute(client.id, { muted });
  statuses.push(response.status);
  await told;
}
await mute(true);
const between = client.muted;
await mute(false);
await platformClient.WebRtcApi.deleteWebRtcClient(client.id);
const refused = await platformClient.WebRtcApi.postWebRtcClientMute("unknown", { muted: true }).catch(
  ({ name, status, message }) => ({ name, status, told: message.length > 0 }),
);
console.log(JSON.stringify({ heard, statuses, between, after: client.muted, refused }));
process.exit(0);
